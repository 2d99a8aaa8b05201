import { generateKeyPairSync } from 'node:crypto';
import { Yaml } from 'cdk8s';
import { APP, ROOT_PASSWORD, WITH_USERS } from './auth';
import type { TestCluster } from './cluster';
import type { Kubectl } from './kubectl';

/** With E2E_USERS, the release has users and signed tokens, with Secrets that a user of the chart made. */
const ROOT = 'root-of-the-chart';
const TOKEN = 'token-of-the-chart';
const FOLDER = '/opt/bitnami/etcd/certs/token';

/** `auth.rbac` and `auth.token` of the chart's values. */
export function userValues(): object {
  return WITH_USERS
    ? {
        rbac: { create: true, existingSecret: ROOT, existingSecretPasswordKey: 'password' },
        token: { type: 'jwt', privateKey: { existingSecret: TOKEN, filename: 'key.pem' } },
      }
    : { rbac: { create: false, token: { enabled: false } } };
}

export async function createSecrets(kubectl: Kubectl): Promise<void> {
  if (!WITH_USERS) return;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const secret = (name: string, stringData: object) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData,
  });
  await kubectl.apply(
    Yaml.stringify(secret(ROOT, { password: ROOT_PASSWORD }), secret(TOKEN, { 'key.pem': privateKey })),
  );
}

/** What the chart sets for etcd, and, for the readiness probe and the test, the credentials that its scripts give to etcdctl. */
export function userEnvironment(): { readonly [name: string]: string } {
  if (!WITH_USERS) return {};
  const token = `jwt,priv-key=${FOLDER}/key.pem,sign-method=RS256,ttl=10m`;
  const file = { ETCD_ROOT_PASSWORD_FILE: '/opt/bitnami/etcd/secrets/password' };
  return { ...file, ETCD_AUTH_TOKEN: token, ETCDCTL_USER: `root:${ROOT_PASSWORD}` };
}

export function userVolumes(): object[] {
  return WITH_USERS ? [{ name: 'etcd-jwt-token', secret: { secretName: TOKEN, defaultMode: 0o440 } }] : [];
}

export function userMounts(): object[] {
  return WITH_USERS ? [{ name: 'etcd-jwt-token', mountPath: FOLDER, readOnly: true }] : [];
}

/** What the first start of the chart's image does, and a user of the clients. */
export async function createUsers(cluster: TestCluster): Promise<void> {
  if (!WITH_USERS) return;
  for (const command of [
    `user add root:${ROOT_PASSWORD}`,
    'user grant-role root root',
    'role add app',
    'role grant-permission --prefix app readwrite w/',
    `user add ${APP}`,
    'user grant-role app app',
    'auth enable',
  ])
    await cluster.etcdctl(...command.split(' '));
}
