import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdWarning, type EtcdClusterProps } from '../../src';

/** An object of the output. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: { readonly [key: string]: string };
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into any object
  readonly [field: string]: any;
}

/** All objects of a chart with this cluster. */
export function synthCluster(
  props: Partial<EtcdClusterProps> = {},
  more: (cluster: EtcdCluster) => void = () => undefined,
): Written[] {
  const chart = new Chart(Testing.app(), 'test');
  const quiet = { acknowledgeWarnings: Object.values(EtcdWarning) };
  more(new EtcdCluster(chart, 'Etcd', { name: 'etcd', namespace: 'etcd-cluster', ...quiet, ...props }));
  return Testing.synth(chart) as Written[];
}

export function find(objects: Written[], kind: string, name: string): Written {
  const found = objects.filter((o) => o.kind === kind && o.metadata.name === name);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0];
}

export function toYaml(objects: object[]): string {
  return Yaml.stringify(...objects);
}

/** The lines of the error that synthesizing throws, without its first. */
export function problemsOf(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    const [first, ...lines] = (error as Error).message.split('\n');
    expect(first).toBe('Validation failed with the following errors:');
    return lines.map((line) => line.trim());
  }
  return [];
}

/** What is printed to standard error when a chart with this cluster is synthesized. */
export function warningsOf(props: Partial<EtcdClusterProps>, more?: (cluster: EtcdCluster) => void): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    synthCluster({ acknowledgeWarnings: [], ...props }, more);
    return write.mock.calls.map(([line]) => String(line));
  } finally {
    write.mockRestore();
  }
}
