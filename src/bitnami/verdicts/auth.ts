import { fullname } from '../names';
import { FLAG, TEXT, type Shape } from '../shapes';
import type { Values } from '../values';
import type { Json } from '../json';
import { dropped, each, refused, type Verdict, type Verdicts } from './types';

export const NO_USERS =
  'cdk8s-etcd does not support etcd authentication yet: its jobs could not log in, and without authentication the cluster would be open; ' +
  'stay with the chart, or first turn authentication off with `etcdctl --user root auth disable` and auth.rbac.create: false';
const NO_TLS =
  'cdk8s-etcd cannot enable TLS on a cluster that runs already, and without TLS the cluster would be open; ' +
  'stay with the chart, or first move the members to plain HTTP there';
const UNUSED_TLS = 'the chart reads it only with TLS, which is refused';

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
  const files = { existingSecret: '', certFilename: 'cert.pem', certKeyFilename: 'key.pem', caFilename: '' };
  return {
    [`${section}.secureTransport`]: refused(NO_TLS, FLAG, false),
    [`${section}.enableAuthentication`]: refused(NO_TLS, FLAG, false, {
      unless: (on: boolean, v: Values) => (on && v.flag(`${section}.secureTransport`) ? NO_TLS : undefined),
    }),
    [`${section}.useAutoTLS`]: refused(NO_TLS, FLAG, false, { when: `${section}.secureTransport` }),
    ...each(section, files, (initial) => dropped(UNUSED_TLS, TEXT, initial)),
  };
}
