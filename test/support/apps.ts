import { App, Chart } from 'cdk8s';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdCluster, EtcdServiceType, EtcdWarning, FleetApp, type EtcdClusterProps } from '../../src';
import { problemsOf } from './synth';

type Build = (chart: (id: string) => Chart) => void;

/** The problems of an app with these charts. Both kinds of app must report the same. */
export function problemsIn(build: Build): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'));
  try {
    const [fleet, app] = [new FleetApp({ outdir }), new App({ outdir })].map((root) => {
      build((id) => new Chart(root, id, { namespace: 'ns' }));
      return problemsOf(() => root.synth());
    });
    expect(fleet).toEqual(app);
    return app ?? [];
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export function cluster(chart: Chart, props: EtcdClusterProps): EtcdCluster {
  return new EtcdCluster(chart, 'Etcd', { acknowledgeWarnings: Object.values(EtcdWarning), ...props });
}

/** A client Service on a port of every node. */
export function exposed(nodePort: number) {
  return { type: EtcdServiceType.NODE_PORT, nodePort };
}
