import { DEFAULTS, FIXED } from '../../constants/defaults';
import { goDurationSeconds } from '../../grammar/go-duration';
import type { Context } from '../context';
import { duration, made, member, type Plain, type PlainObject } from '../expression';

const CHARTS_KEY = 'etcd-root-password';

/** The chart's user root, and its tokens. Other users are in the data, and are left alone. */
export function auth(c: Context): PlainObject {
  const { values } = c;
  if (!values.flag('auth.rbac.create')) return {};
  const existing = values.text('auth.rbac.existingSecret');
  const key = (existing !== '' && values.text('auth.rbac.existingSecretPasswordKey')) || CHARTS_KEY;
  if (existing === '')
    c.find(
      'differs',
      'auth.rbac.existingSecret',
      `the Secret ${c.fullname} of the release has root’s password: keep it when the release is removed, and do not let Helm make another one`,
    );
  return { auth: { root: made('EtcdRoot', 'password', { name: existing || c.fullname, key }), token: token(c) } };
}

function token(c: Context): Plain {
  const { values } = c;
  if (!values.flag('auth.token.enabled') || values.text('auth.token.type') === 'simple') return undefined;
  const existing = values.text('auth.token.privateKey.existingSecret');
  const key = values.text('auth.token.privateKey.filename');
  const method = member('EtcdSignMethod', values.text('auth.token.signMethod'));
  const seconds = goDurationSeconds(values.text('auth.token.ttl'));
  if (method === undefined)
    c.refuse('auth.token.signMethod', 'expected a method with a private key, such as RS256 or ES256');
  if (seconds === undefined || !Number.isInteger(seconds))
    c.refuse('auth.token.ttl', 'expected a whole number of seconds as a Go duration, such as 10m');
  if (existing === '')
    c.find(
      'differs',
      'auth.token.privateKey.existingSecret',
      `the Secret ${c.fullname}-jwt-token of the release has the key of the tokens: keep it when the release is removed`,
    );
  return made(
    'EtcdAuthToken',
    'jwt',
    {
      name: existing || `${c.fullname}-jwt-token`,
      key: key === DEFAULTS.tokenKey.key ? undefined : key,
      signMethod: values.text('auth.token.signMethod') === DEFAULTS.tokenKey.signMethod ? undefined : method,
    },
    ...(seconds === undefined || seconds === FIXED.jwtLifetime ? [] : [duration(seconds)]),
  );
}
