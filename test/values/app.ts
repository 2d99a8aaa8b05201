import { ApiObject, Chart } from 'cdk8s';
import fc, { type Arbitrary } from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdClientCertificate, EtcdCluster, FleetApp, GreptimeDbMetadataStore } from '../../src';
import type { Arbitraries } from './arbitrary';
import { made } from './call';

interface Props {
  readonly [prop: string]: unknown;
}

/** The props of the constructs of an app. */
export interface Recipe {
  readonly cluster: Props;
  readonly snapshots?: Props;
  readonly drill?: Props;
  readonly defrag?: Props;
  readonly monitoring?: Props;
  readonly greptimeDb?: Props;
  readonly certificate?: Props;
}

/** What a synthesized app has written, or why it was refused. */
export interface Outcome {
  /** Undefined if it was refused. */
  readonly objects?: readonly object[];
  readonly yaml: string;
  /** The whole error. */
  readonly error?: unknown;
  readonly warnings: readonly string[];
}

/** Which struct each part of a recipe is. A test compares it with the constructs. */
export const PARTS = {
  cluster: 'EtcdClusterProps',
  snapshots: 'EtcdSnapshotsOptions',
  drill: 'EtcdRestoreDrillOptions',
  defrag: 'EtcdDefragOptions',
  monitoring: 'EtcdMonitoringOptions',
  greptimeDb: 'GreptimeDbOptions',
  certificate: 'EtcdClientCertificateOptions',
} as const;

export function recipes(of: Arbitraries): Arbitrary<Recipe> {
  const part = (struct: string): Arbitrary<Props | undefined> =>
    fc.oneof(
      { withCrossShrink: true },
      { arbitrary: fc.constant(undefined), weight: 4 },
      { arbitrary: of.struct(struct), weight: 1 },
    );
  const { cluster, ...others } = PARTS;
  const named = of.struct(cluster).map((props) => ({ namespace: 'etcd-cluster', ...props }));
  const parts = Object.fromEntries(Object.entries(others).map(([name, struct]) => [name, part(struct)]));
  return fc.record({ cluster: named, ...parts }, { noNullPrototype: true });
}

const FOLDER = mkdtempSync(join(tmpdir(), 'values-'));

export function removeFolder(): void {
  rmSync(FOLDER, { recursive: true });
}

/** Writes an app as `cdk8s synth` would, and reads what is written. */
export function synthesize(recipe: Recipe): Outcome {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const app = new FleetApp({ outdir: FOLDER });
    const chart = new Chart(app, 'app');
    build(chart, recipe);
    app.synth();
    const objects = chart.node.findAll().filter((node): node is ApiObject => node instanceof ApiObject);
    return {
      objects: objects.map((object) => object.toJson() as object),
      yaml: readFileSync(join(FOLDER, 'app.k8s.yaml'), 'utf8'),
      warnings: write.mock.calls.map(([line]) => String(line)),
    };
  } catch (error) {
    return { error, yaml: '', warnings: [] };
  } finally {
    write.mockRestore();
  }
}

function build(chart: Chart, recipe: Recipe): void {
  const { snapshots, drill, defrag, monitoring, greptimeDb, certificate } = recipe;
  const props = (part: Props) => made(part) as never;
  const cluster = new EtcdCluster(chart, 'Etcd', props(recipe.cluster));
  if (snapshots) {
    const added = cluster.addSnapshots(props(snapshots));
    if (drill) added.addRestoreDrill(props(drill));
  }
  if (defrag) cluster.addDefrag(props(defrag));
  if (monitoring) cluster.addMonitoring(props(monitoring));
  if (greptimeDb) {
    const given: object = props({ namespace: 'greptimedb', ...greptimeDb });
    new GreptimeDbMetadataStore(chart, 'Store', { ...given, cluster });
  }
  if (certificate) {
    const given: object = props(certificate);
    new EtcdClientCertificate(chart, 'Certificate', { ...given, cluster } as never);
  }
}
