import { fullname } from '../names';
import { FLAG, oneOf, TEXT } from '../shapes';
import type { Values } from '../values';
import { dropped, each, mapped, refused, replaced, type Verdicts } from './types';

const AUTO_TLS =
  'etcd makes these certificates itself, and no client can verify them; in the chart, first give members certificates of a CA (existingSecret), ' +
  'which stops the cluster for a moment';
const ONE_PLANE =
  'cdk8s-etcd serves TLS to clients and among members, or to neither, and the chart has it for one; in the chart, first enable the other one, ' +
  'which stops the cluster for a moment';

/**
 * Tells how to keep the password in a Secret of the user. The chart's Secret, named by the fullname, is deleted with
 * the release or with the password in the file. The command does not contain the password, so that the shell's history
 * does not.
 */
function literalPassword(v: Values): string {
  const name = `${fullname(v)}-root-password`;
  const key = v.text('auth.rbac.existingSecretPasswordKey') || 'etcd-root-password';
  const command =
    `printf %s "$PASSWORD" | kubectl --namespace ${v.release.namespace} create secret generic ${name} ` +
    `--from-file=${key}=/dev/stdin`;
  const then = v.flag('auth.rbac.create')
    ? `for the chart, set auth.rbac.existingSecret: ${name}`
    : 'without users (auth.rbac.create: false) nothing reads it';
  return `a password does not belong in a file; create a Secret with \`${command}\`, and remove it here; ${then}`;
}

const USERS = { when: 'auth.rbac.create' } as const;

/** `auth` of the chart: users and TLS. */
export const AUTH: Verdicts = {
  'auth.rbac.create': mapped('cluster.auth', FLAG, true),
  'auth.rbac.enabled': refused('is an old name of auth.rbac.create; use that', FLAG, false),
  'auth.rbac.allowNoneAuthentication': dropped('only Bitnami’s scripts read it', FLAG, true),
  'auth.rbac.rootPassword': refused('', TEXT, '', {
    unless: (password: string, v: Values) => (password === '' ? undefined : literalPassword(v)),
  }),
  'auth.rbac.existingSecret': mapped('cluster.auth', TEXT, '', USERS),
  'auth.rbac.existingSecretPasswordKey': mapped('cluster.auth', TEXT, '', USERS),
  usePasswordFiles: dropped('only Bitnami’s scripts read it', FLAG, true),
  'auth.token.enabled': mapped('cluster.auth', FLAG, true, USERS),
  'auth.token.type': mapped('cluster.auth', oneOf('jwt', 'simple'), 'jwt', USERS),
  ...each('auth.token', { 'privateKey.filename': 'jwt-token.pem', 'privateKey.existingSecret': '' }, (initial) =>
    mapped('cluster.auth', TEXT, initial, USERS),
  ),
  'auth.token.signMethod': mapped('cluster.auth', TEXT, 'RS256', USERS),
  'auth.token.ttl': mapped('cluster.auth', TEXT, '10m', USERS),
  ...tls('client'),
  ...tls('peer'),
};

function tls(plane: 'client' | 'peer'): Verdicts {
  const section = `auth.${plane}`;
  const when = `${section}.secureTransport`;
  const other = `auth.${plane === 'client' ? 'peer' : 'client'}.secureTransport`;
  const files = { existingSecret: '', certFilename: 'cert.pem', certKeyFilename: 'key.pem', caFilename: '' };
  return {
    [when]: mapped('cluster.tls', FLAG, false, {
      unless: (on: boolean, v: Values) => (on && !v.flag(other) ? ONE_PLANE : undefined),
    }),
    [`${section}.enableAuthentication`]:
      plane === 'client'
        ? mapped('cluster.tls', FLAG, false, { when })
        : replaced('members always verify each other', FLAG, false, { when }),
    [`${section}.useAutoTLS`]: refused(AUTO_TLS, FLAG, false, { when }),
    ...each(section, files, (initial) => mapped('cluster.tls', TEXT, initial, { when })),
  };
}
