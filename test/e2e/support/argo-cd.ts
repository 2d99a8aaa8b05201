import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { Daemons, freePort, GIT_OPS } from './daemons';
import { run, type Kubectl, type Live } from './kubectl';

export interface Source {
  /** Credentials of the repository. */
  readonly path: string;
  readonly helm?: { readonly releaseName: string; readonly valueFiles: readonly string[] };
}

export interface Sync {
  readonly automated?: { readonly prune: boolean; readonly selfHeal: boolean };
  readonly syncOptions?: readonly string[];
}

const APPLICATION = 'etcd';

/** A real Argo CD: its processes run on this machine, its objects are in the namespace of the test, as is what it applies. */
export class ArgoCd {
  public static async start(
    kubectl: Kubectl,
    folder: string,
    repository: string,
    tracking: 'label' | 'annotation',
  ): Promise<ArgoCd> {
    const argocd = join(String(GIT_OPS), 'argocd');
    await kubectl.apply(Yaml.stringify(...settings(tracking)));
    const types = join(String(GIT_OPS), 'crds/argocd');
    await kubectl.do(['apply', '--server-side', '--force-conflicts', '-f', types]);
    // Argo CD's server ends when it finds no AppProject. `kubectl wait` fails while the types have no status yet.
    await kubectl.until('the types of Argo CD', 60_000, () =>
      kubectl.do(['wait', '--for=condition=Established', '--timeout=60s', '-f', types]).then(() => true),
    );
    const daemons = new Daemons(folder);
    const ports = { redis: await freePort(), repository: await freePort(), server: await freePort() };
    const places = ['tls', 'ssh', 'plugins', 'tmp', 'app'];
    for (const place of places) mkdirSync(join(folder, place));
    const start = async (part: string, ...args: string[]) =>
      daemons.start(
        part,
        argocd,
        ['--redis', `127.0.0.1:${ports.redis}`, '--metrics-port', String(await freePort()), ...args],
        {
          ARGOCD_BINARY_NAME: `argocd-${part}`,
          ARGOCD_FAKE_IN_CLUSTER: 'true',
          ARGOCD_GPG_ENABLED: 'false',
          ARGOCD_TLS_DATA_PATH: join(folder, 'tls'),
          ARGOCD_SSH_DATA_PATH: join(folder, 'ssh'),
          ARGOCD_PLUGINSOCKFILEPATH: join(folder, 'plugins'),
          TMPDIR: join(folder, 'tmp'),
          HOME: folder,
        },
      );
    const here = ['--namespace', kubectl.namespace, '--repo-server', `127.0.0.1:${ports.repository}`];
    const redis = ['--port', String(ports.redis), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    daemons.start('redis', 'redis-server', redis);
    await start('repo-server', '--port', String(ports.repository), '--address', '127.0.0.1');
    await start('application-controller', ...here, '--app-resync', '10');
    const open = ['--disable-auth', '--insecure', '--staticassets', join(folder, 'app')];
    await start('server', ...here, '--port', String(ports.server), '--address', '127.0.0.1', ...open);
    const argoCd = new ArgoCd(kubectl, daemons, repository, `127.0.0.1:${ports.server}`);
    try {
      await kubectl.until('Argo CD', 120_000, async () => {
        const { ok, stdout, stderr } = await run(argocd, ['--plaintext', '--server', argoCd.server, 'app', 'list']);
        if (!ok) throw new Error(`${stdout}${stderr}\n${daemons.describe()}`);
        return true;
      });
    } catch (error) {
      await daemons.stop();
      throw error;
    }
    return argoCd;
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly daemons: Daemons,
    private readonly repository: string,
    private readonly server: string,
  ) {}

  /** For shells that run its command. */
  public get environment(): NodeJS.ProcessEnv {
    return { PATH: `${process.env.PATH}:${GIT_OPS}`, ARGOCD_SERVER: this.server, ARGOCD_OPTS: '--plaintext' };
  }

  public stop(): Promise<void> {
    return this.daemons.stop();
  }

  /** A user's commit: the Application in Git. */
  public async commit(source: Source, sync?: Sync): Promise<void> {
    const { namespace } = this.kubectl;
    const application = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: APPLICATION },
      spec: {
        project: 'default',
        destination: { server: 'https://kubernetes.default.svc', namespace },
        source: { repoURL: this.repository, targetRevision: 'HEAD', ...source },
        syncPolicy: sync,
      },
    };
    await this.kubectl.apply(JSON.stringify(application));
    await this.refresh();
  }

  /** Looks at Git now, as a webhook would trigger. */
  public async refresh(): Promise<void> {
    await this.kubectl.do(['annotate', 'application', APPLICATION, 'argocd.argoproj.io/refresh=normal', '--overwrite']);
  }

  /** Waits until everything is as in Git. */
  public async synced(): Promise<void> {
    await this.kubectl
      .until('Synced', 180_000, async () => {
        const { metadata, status } = await this.application();
        const refreshed = !metadata.annotations?.['argocd.argoproj.io/refresh'];
        if (status?.sync?.status === 'Synced' && refreshed) return true;
        const outOfSync = ((status?.resources ?? []) as Live[]).filter((one) => one.status !== 'Synced');
        throw new Error(
          `${status?.sync?.status}, refreshed: ${refreshed}, ${JSON.stringify([outOfSync, status?.conditions, status?.operationState?.message])}`,
        );
      })
      .catch((error: Error) => {
        throw new Error(`${error.message}\n${this.daemons.describe()}`);
      });
  }

  /** What it would prune, or has in addition to Git. */
  public async surplus(): Promise<string[]> {
    const { status } = await this.application();
    return ((status.resources ?? []) as Live[])
      .filter((one) => one.requiresPruning)
      .map(({ kind, name }) => `${kind} ${name}`);
  }

  public application(): Promise<Live> {
    return this.kubectl.get('application', APPLICATION);
  }
}

function settings(tracking: string): object[] {
  const part = (kind: string, name: string, more: object = {}) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'argocd' } },
    ...more,
  });
  return [
    part('ConfigMap', 'argocd-cm', { data: { 'application.resourceTrackingMethod': tracking } }),
    part('ConfigMap', 'argocd-rbac-cm'),
    part('ConfigMap', 'argocd-ssh-known-hosts-cm'),
    part('ConfigMap', 'argocd-tls-certs-cm'),
    part('ConfigMap', 'argocd-gpg-keys-cm'),
    part('Secret', 'argocd-secret'),
  ];
}
