import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { once } from 'node:events';
import { Daemons, freePort, GIT_OPS } from './daemons';
import { must, type Kubectl, type Live } from './kubectl';

const NAME = 'etcd';

/**
 * Flux's real kustomize-controller, on this machine, for the namespace of the test. Its source is a folder: what
 * source-controller would have fetched from Git is served here.
 */
export class Flux {
  public static async start(kubectl: Kubectl, folder: string): Promise<Flux> {
    await kubectl.do([
      'apply',
      '--server-side',
      '--force-conflicts',
      '-f',
      join(String(GIT_OPS), 'crds/kustomize-controller'),
    ]);
    mkdirSync(join(folder, 'tmp'));
    const daemons = new Daemons(folder);
    const listen = async (what: string) => `--${what}-addr=127.0.0.1:${await freePort()}`;
    daemons.start(
      'kustomize-controller',
      join(String(GIT_OPS), 'kustomize-controller'),
      [
        await listen('metrics'),
        await listen('health'),
        '--watch-all-namespaces=false',
        '--enable-leader-election=false',
      ],
      { RUNTIME_NAMESPACE: kubectl.namespace, TMPDIR: join(folder, 'tmp'), HOME: folder },
    );
    const server = createServer((request, response) => {
      response.end(readFileSync(join(folder, String(request.url))));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Flux(kubectl, folder, daemons, server);
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly folder: string,
    private readonly daemons: Daemons,
    private readonly server: Server,
  ) {}

  public async stop(): Promise<void> {
    this.server.close();
    await this.daemons.stop();
  }

  /** A user's commit: `dist/` of the folder. */
  public async commit(): Promise<void> {
    const archive = join(this.folder, 'artifact.tar.gz');
    await must('tar', '--create', '--gzip', '--file', archive, '--directory', this.folder, 'dist');
    const digest = createHash('sha256').update(readFileSync(archive)).digest('hex');
    const now = new Date().toISOString().replace(/\.\d+/, '');
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the source is not served');
    const source = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: NAME },
      spec: { interval: '1h', url: 'https://example.com/etcd.git' },
    };
    const status = {
      observedGeneration: 1,
      artifact: {
        url: `http://127.0.0.1:${address.port}/artifact.tar.gz`,
        path: 'artifact.tar.gz',
        revision: `main@sha1:${digest.slice(0, 40)}`,
        digest: `sha256:${digest}`,
        lastUpdateTime: now,
      },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Succeeded',
          message: '',
          lastTransitionTime: now,
          observedGeneration: 1,
        },
      ],
    };
    await this.kubectl.apply(JSON.stringify(source));
    await this.kubectl.do([
      'patch',
      'gitrepository',
      NAME,
      '--subresource=status',
      '--type=merge',
      `--patch=${JSON.stringify({ status })}`,
    ]);
  }

  /** A user's commit: the Kustomization of `dist/`. */
  public async apply(more: object): Promise<void> {
    const kustomization = {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: NAME },
      spec: {
        interval: '1h',
        path: './dist',
        sourceRef: { kind: 'GitRepository', name: NAME },
        timeout: '3m',
        ...more,
      },
    };
    await this.kubectl.apply(JSON.stringify(kustomization));
  }

  /** Waits until the last commit is applied. */
  public async ready(): Promise<void> {
    await this.kubectl
      .until('the Kustomization', 180_000, async () => {
        const { artifact } = (await this.kubectl.get('gitrepository', NAME)).status;
        const { metadata, status } = await this.kubectl.get('kustomization', NAME);
        const ready = ((status?.conditions ?? []) as Live[]).find(({ type }) => type === 'Ready');
        if (
          ready?.status === 'True' &&
          status.observedGeneration === metadata.generation &&
          status.lastAppliedRevision === artifact.revision
        )
          return true;
        throw new Error(String(ready?.message));
      })
      .catch((error: Error) => {
        throw new Error(`${error.message}\n${this.daemons.describe()}`);
      });
  }

  public remove(): Promise<void> {
    return this.kubectl.do(['delete', 'kustomization', NAME, '--timeout=120s']).then(() => undefined);
  }
}
