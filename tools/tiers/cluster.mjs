// The test cluster: a real Kubernetes on this machine, by scripts that are beside this repository and no part of it.
// TEST_CLUSTER names their folder, ../shared/kubernetes by default. They take root.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { killAll, shell } from './shell.mjs';

/** The etcd that `test:scripts` runs. */
const ETCD = 'etcd-3.6.16';

export class TestCluster {
  /** @returns {{ cluster?: TestCluster, missing?: string }} */
  static find() {
    const scripts = resolve(process.env.TEST_CLUSTER ?? '../shared/kubernetes');
    if (!existsSync(join(scripts, 'up'))) return { missing: `there is no ${scripts}` };
    if (process.getuid() !== 0) return { missing: 'it takes root' };
    return { cluster: new TestCluster(scripts) };
  }

  constructor(scripts) {
    this.scripts = scripts;
    const settings = `. '${scripts}/lib.sh' && printf '%s\n%s' "$K8S_TEST_DIR" "$KUBECONFIG"`;
    [this.home, this.kubeconfig] = execFileSync('bash', ['-c', settings], { encoding: 'utf8' }).split('\n');
  }

  /** Its programs and images, where they are not there yet. */
  build() {
    return shell(`'${this.scripts}/build' && .ci/compile node '${this.scripts}' '${this.home}/images'`, {
      beside: true,
    });
  }

  /** Programs that tests take from the PATH: first its own, last busybox, which has many. */
  get path() {
    const bin = join(this.home, 'bin');
    return [bin, process.env.PATH, join(bin, ETCD), join(this.home, 'rootfs/busybox/bin')].join(':');
  }

  /** Starts it, with NetworkPolicies enforced. */
  up() {
    this.started = true;
    return shell(`'${this.scripts}/up' && '${this.scripts}/extra' network-policy`);
  }

  async down() {
    if (this.started) await shell(`'${this.scripts}/down'`);
    this.started = false;
  }

  /** What Prometheus, Argo CD and Flux take; compiled where it is not there yet, into the cluster that runs. */
  extras() {
    const { scripts, home } = this;
    const lines = [
      ...['rclone', 'prometheus', 'cert-manager', 'validator'].map((what) => `'${scripts}/extra' ${what}`),
      `.ci/compile prometheus '${scripts}' '${home}/images'`,
      `.ci/compile gitops '${scripts}' '${home}/gitops'`,
    ];
    return shell(lines.join(' && '));
  }

  /** For what runs on it; see test/e2e/README.md. */
  get environment() {
    return {
      PATH: this.path,
      KUBECONFIG: this.kubeconfig,
      E2E_BITNAMI_REPOSITORY: 'greptime-registry.cn-hangzhou.cr.aliyuncs.com/bitnami/etcd',
      E2E_PARTITION: 'host',
      E2E_VOLUMES: 'host',
    };
  }

  /** The same, for what takes the extras, too. */
  get wholeEnvironment() {
    return { ...this.environment, E2E_PROMETHEUS: 'operator', E2E_GITOPS: join(this.home, 'gitops') };
  }
}

/** Does something, and stops what was started, however it ends. */
export async function stoppingAll(cluster, act) {
  const stop = async () => {
    killAll();
    await cluster?.down();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop().then(() => process.exit(1)));
  try {
    await act();
  } finally {
    await stop();
  }
}
