import { fullname } from '../names';
import { FLAG, TEXT, type Shape } from '../shapes';
import type { Values } from '../values';
import type { Json } from '../json';
import { dropped, each, mapped, refused, replaced, type Verdict, type Verdicts } from './types';

export const NO_USERS =
  'cdk8s-etcd does not support etcd authentication yet: its jobs could not log in, and without authentication the cluster would be open; ' +
  'stay with the chart, or first turn authentication off with `etcdctl --user root auth disable` and auth.rbac.create: false';
const AUTO_TLS =
  'etcd makes these certificates itself, and no client can verify them; in the chart, first give members certificates of a CA (existingSecret), ' +
  'which stops the cluster for a moment';
const ONE_PLANE =
  'cdk8s-etcd serves TLS to clients and among members, or to neither, and the chart has it for one; in the chart, first enable the other one, ' +
  'which stops the cluster for a moment';

function hasUsers(v: Values): boolean {
  return v.flag('auth.rbac.create') || v.flag('auth.rbac.enabled');
}

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
  const then = hasUsers(v)
    ? `for the chart, set auth.rbac.existingSecret: ${name}`
    : 'without users (auth.rbac.create: false) nothing reads it';
  return `a password does not belong in a file; create a Secret with \`${command}\`, and remove it here; ${then}`;
}

/** `auth` of the chart: users and TLS. */
export const AUTH: Verdicts = {
  'auth.rbac.create': refused(NO_USERS, FLAG, true, {
    unless: (on: boolean, v: Values) => {
      if (!on || v.flag('auth.rbac.enabled')) return undefined; // its alias has the same problem
      return v.line('auth.rbac.create') === undefined ? `is true by default: ${NO_USERS}` : NO_USERS;
    },
  }),
  'auth.rbac.enabled': refused(NO_USERS, FLAG, false),
  'auth.rbac.allowNoneAuthentication': dropped('without users there is nothing to allow', FLAG, true),
  'auth.rbac.rootPassword': refused('', TEXT, '', {
    unless: (password: string, v: Values) => (password === '' ? undefined : literalPassword(v)),
  }),
  'auth.rbac.existingSecret': dropped('without users there is no password; the Secret is not changed', TEXT, ''),
  'auth.rbac.existingSecretPasswordKey': dropped('without users there is no password', TEXT, ''),
  usePasswordFiles: dropped('only Bitnami’s scripts read it', FLAG, true),
  ...each(
    'auth.token',
    {
      type: 'jwt',
      'privateKey.filename': 'jwt-token.pem',
      'privateKey.existingSecret': '',
      signMethod: 'RS256',
      ttl: '10m',
    },
    (initial) => token(TEXT, initial),
  ),
  'auth.token.enabled': token(FLAG, true),
  ...tls('client'),
  ...tls('peer'),
};

function token(shape: Shape, initial: Json): Verdict {
  const why =
    'tokens are for users, and there are none; keep the Secret with the key while pods of the chart run, and for a ' +
    'rollback: they mount it';
  return dropped(why, shape, initial);
}

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
