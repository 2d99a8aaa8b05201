import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import type { Kubectl } from './kubectl';
import { WITH_TLS } from './tls';

const CERTIFICATE = 'etcd-client-tls';
const FOLDER = join(__dirname, '..', 'client');
const ASK =
  "fetch('http://127.0.0.1:8080' + process.argv[1]).then(async (r) => { process.stdout.write(await r.text()); process.exitCode = r.ok ? 0 : 1; })";

/** A pod that runs the program NAME.mjs of `client/`, which is asked over HTTP from inside the pod. */
export class ClientPod {
  /** @param secured whether the cluster is about to have certificates */
  public static async start(kubectl: Kubectl, name: string, secured = WITH_TLS): Promise<ClientPod> {
    const image = process.env.E2E_NODE_IMAGE ?? 'docker.io/library/node:20-slim';
    // A Secret that exists is mounted at once, and a later one within 90 s.
    if (secured) await kubectl.until('the certificate', 60_000, () => kubectl.get('secret', CERTIFICATE));
    await kubectl.apply(Yaml.stringify(configMap(name), pod(name, image)));
    await kubectl.do(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s']);
    const client = new ClientPod(kubectl, name);
    await kubectl.until(`the ${name}`, 30_000, () => client.ask('/ready'));
    return client;
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly name: string,
  ) {}

  public async ask<T>(path: string): Promise<T> {
    return JSON.parse(await this.askText(path)) as T;
  }

  /** Asks by exec, which works wherever kubectl does. */
  public async askText(path: string): Promise<string> {
    const { ok, stdout, stderr } = await this.kubectl.exec(this.name, this.name, ['node', '-e', ASK, path]);
    if (!ok) throw new Error(`${this.name} ${path}: ${stdout}${stderr}`);
    return stdout;
  }
}

function configMap(name: string): object {
  const files = readdirSync(FOLDER).map((file) => [file, readFileSync(join(FOLDER, file), 'utf8')]);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: Object.fromEntries(files) };
}

/** Of a client of the cluster `etcd`, once they are there; with every CA that its members may have. */
function certificates(): object[] {
  const client = ['tls.crt', 'tls.key'].map((file) => ({ key: file, path: file }));
  const cas = [CERTIFICATE, 'etcd-ca', 'next'].map((ca) => ({
    secret: { name: ca, optional: true, items: [{ key: 'ca.crt', path: `ca/${ca}.crt` }] },
  }));
  return [{ secret: { name: CERTIFICATE, optional: true, items: client } }, ...cas];
}

function pod(name: string, image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', `/client/${name}.mjs`],
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [
            { name: 'client', mountPath: '/client', readOnly: true },
            { name: 'probe', mountPath: '/probe' },
            { name: 'tls', mountPath: '/tls', readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: 'client', configMap: { name } },
        { name: 'probe', emptyDir: {} },
        { name: 'tls', projected: { sources: certificates() } },
      ],
    },
  };
}
