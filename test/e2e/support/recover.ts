import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdStorage, type EtcdRestore } from '../../../src';
import { SMALL } from './cluster';
import type { Kubectl } from './kubectl';
import { PATIENCE } from './limits';
import { report } from './report';
import { timed } from './scenario';

const NAME = 'etcd-recover';

/** The guide's second cluster: a new one, from a snapshot of the first. */
export class RecoverCluster {
  public readonly members = [0, 1, 2].map((ordinal) => `${NAME}-${ordinal}`);

  public constructor(
    private readonly kubectl: Kubectl,
    private readonly restoreFrom: EtcdRestore,
  ) {}

  public selector(component: string): string {
    return `app.kubernetes.io/instance=${NAME},app.kubernetes.io/component=${component}`;
  }

  public async apply(): Promise<void> {
    const chart = new Chart(Testing.app(), 'recover');
    new EtcdCluster(chart, 'Recover', {
      ...SMALL,
      name: NAME,
      namespace: this.kubectl.namespace,
      storage: EtcdStorage.emptyDir(),
      restoreFrom: this.restoreFrom,
    });
    await this.kubectl.apply(Yaml.stringify(...Testing.synth(chart)));
  }

  /** Waits until all members serve, and reports how long that took. */
  public async serves(what: string): Promise<void> {
    const status = ['rollout', 'status', `statefulset/${NAME}`, `--timeout=${PATIENCE / 1000}s`];
    report(what, { wholeMillis: await timed(() => this.kubectl.do(status)) });
  }

  public async get(key: string, member: string): Promise<string> {
    const { stdout } = await this.kubectl.exec(member, 'etcd', ['etcdctl', 'get', key, '--print-value-only']);
    return stdout.trim();
  }
}
