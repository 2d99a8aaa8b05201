// The test cluster: a real Kubernetes on this machine, made by scripts that are not part of this repository.
// TEST_CLUSTER is their folder, ../shared/kubernetes by default. They need root.
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

  /** Builds its programs and images if they are missing. */
  build() {
    return shell(`'${this.scripts}/build' && .ci/compile node '${this.scripts}' '${this.home}/images'`, {
      beside: true,
    });
  }

  /** The PATH for tests: its own programs first, busybox, which has many, last. */
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

  /** What Prometheus, Argo CD and Flux need, compiled if it is missing, in the running cluster. */
  extras() {
    const { scripts, home } = this;
    const lines = [
      ...['rclone', 'prometheus', 'cert-manager', 'validator'].map((what) => `'${scripts}/extra' ${what}`),
      `.ci/compile prometheus '${scripts}' '${home}/images'`,
      `.ci/compile gitops '${scripts}' '${home}/gitops'`,
    ];
    return shell(lines.join(' && '));
  }

  /** The environment of tests on it; see test/e2e/README.md. */
  get environment() {
    return {
      PATH: this.path,
      KUBECONFIG: this.kubeconfig,
      E2E_BITNAMI_REPOSITORY: 'greptime-registry.cn-hangzhou.cr.aliyuncs.com/bitnami/etcd',
      E2E_PARTITION: 'host',
      E2E_VOLUMES: 'host',
    };
  }

  /** The same, for tests that also need the extras. */
  get wholeEnvironment() {
    return {
      ...this.environment,
      E2E_CERT_MANAGER: 'yes',
      E2E_PROMETHEUS: 'operator',
      E2E_GITOPS: join(this.home, 'gitops'),
    };
  }
}

/** Runs a function, then stops what was started, even after a failure. */
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
