import type { Checked } from '../checks/struct';
import { DEFAULTS, FIXED } from '../constants/defaults';
import { EtcdLogin } from '../props/auth';
import type { SECURITY } from '../props/security';

export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export interface UserConfig {
  readonly name: string;
  readonly roles: readonly string[];
  readonly login: string;
  readonly passwordKey: string;
}

export interface PermissionConfig {
  readonly access: string;
  /** The first key and the end, in base64. */
  readonly range: readonly [string, string];
  readonly isForAllKeys: boolean;
}

export interface RoleConfig {
  readonly name: string;
  readonly permissions: readonly PermissionConfig[];
}

export interface TokenConfig {
  /** Undefined: tokens in memory. */
  readonly key: SecretKey | undefined;
  readonly signMethod: string;
  readonly lifetimeSeconds: number;
}

export interface AuthConfig {
  /** Undefined: root has a certificate. */
  readonly rootPassword: SecretKey | undefined;
  readonly enabled: boolean;
  /** Name of the Secret with the passwords of users. */
  readonly passwordSecret: string | undefined;
  readonly users: readonly UserConfig[];
  readonly roles: readonly RoleConfig[];
  readonly token: TokenConfig;
}

export function resolveAuth({ auth }: Checked<typeof SECURITY>): AuthConfig | undefined {
  if (!auth) return undefined;
  const { rootPassword, tokenKey, user } = DEFAULTS;
  const secret = auth.root?._secret;
  const key = auth.token?._key;
  return {
    rootPassword: secret && { name: secret.name, key: secret.key ?? rootPassword.key },
    enabled: auth.enabled ?? DEFAULTS.auth.enabled,
    passwordSecret: auth.passwordSecret,
    users: (auth.users ?? []).map(({ name = '', roles = [], login = user.login, passwordKey }) => ({
      name,
      roles,
      login,
      passwordKey: passwordKey ?? (login === EtcdLogin.PASSWORD ? name : ''),
    })),
    roles: (auth.roles ?? []).map(({ name = '', permissions = [] }) => ({
      name,
      permissions: permissions.map(({ _access, _range, _allKeys }) => ({
        access: _access,
        range: _range,
        isForAllKeys: _allKeys,
      })),
    })),
    token: {
      key: key && { name: key.name, key: key.key ?? tokenKey.key },
      signMethod: key?.signMethod ?? tokenKey.signMethod,
      lifetimeSeconds: auth.token?._seconds ?? (key ? FIXED.jwtLifetime : FIXED.simpleTokenLifetime),
    },
  };
}
