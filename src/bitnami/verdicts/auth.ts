import { fullname } from '../names';
import { FLAG, TEXT, type Shape } from '../shapes';
import type { Values } from '../values';
import type { Json } from '../json';
import { dropped, each, refused, type Verdict, type Verdicts } from './types';

export const NO_USERS =
  'this version of cdk8s-etcd has no users, so its jobs could not log in, and leaving them out would open the cluster; ' +
  'stay with the chart, or turn them off first: `etcdctl --user root auth disable`, then auth.rbac.create: false';
const NO_TLS =
  'this version of cdk8s-etcd speaks plain HTTP, and leaving TLS out would open the cluster; ' +
  'stay with the chart, or move members to plain HTTP there first';
const UNUSED_TLS = 'the chart reads it with TLS only, which is refused';

function hasUsers(v: Values): boolean {
  return v.flag('auth.rbac.create') || v.flag('auth.rbac.enabled');
}

/**
 * A Secret of the user's own: the chart's, which has its fullname, goes with the release, or with the password in the file.
 * A line that is typed would end with the password.
 */
function literalPassword(v: Values): string {
  const name = `${fullname(v)}-root-password`;
  const key = v.text('auth.rbac.existingSecretPasswordKey') || 'etcd-root-password';
  const command =
    `printf %s "$PASSWORD" | kubectl --namespace ${v.release.namespace} create secret generic ${name} ` +
    `--from-file=${key}=/dev/stdin`;
  const then = hasUsers(v)
    ? `for the chart, give it as auth.rbac.existingSecret: ${name}`
    : 'without users (auth.rbac.create: false) nothing reads it';
  return `a password does not belong into a file: keep it in a Secret, with \`${command}\`, and remove it here; ${then}`;
}

/** `auth` of the chart: who may log in, and TLS. */
export const AUTH: Verdicts = {
  'auth.rbac.create': refused(NO_USERS, FLAG, true, {
    unless: (on: boolean, v: Values) => {
      if (!on || v.flag('auth.rbac.enabled')) return undefined; // its alias says the same
      return v.line('auth.rbac.create') === undefined
        ? `is true, since the file does not set it: ${NO_USERS}`
        : NO_USERS;
    },
  }),
  'auth.rbac.enabled': refused(NO_USERS, FLAG, false),
  'auth.rbac.allowNoneAuthentication': dropped('without users there is nothing to allow', FLAG, true),
  'auth.rbac.rootPassword': refused('', TEXT, '', {
    unless: (password: string, v: Values) => (password === '' ? undefined : literalPassword(v)),
  }),
  'auth.rbac.existingSecret': dropped('without users there is no password; the Secret is left as it is', TEXT, ''),
  'auth.rbac.existingSecretPasswordKey': dropped('without users there is no password', TEXT, ''),
  usePasswordFiles: dropped('it is where Bitnami’s scripts look for the password', FLAG, true),
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
    'tokens are for users who log in, and there are none; keep the Secret with the key while pods of the chart run, and for the way ' +
    'back: they mount it';
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
