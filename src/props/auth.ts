import type { Duration } from 'cdk8s';
import type { Problems } from '../checks/problems';
import { type Check, type Fields, struct } from '../checks/struct';
import { flag, listOf, made, oneOf, seconds, text } from '../checks/values';
import { dnsSubdomainProblem, secretKeyProblem } from '../grammar/names';
import { grantedRoleProblem, roleNameProblem, userNameProblem } from '../grammar/users';
import { type EtcdPermission, PERMISSION } from './permission';

/** A Secret with the password of root. */
export interface EtcdRootPassword {
  /** Name of the Secret, in the cluster's namespace. */
  readonly name: string;

  /**
   * Key of the password in the Secret. A password is one line without spaces, of at most 72 bytes.
   * @default 'root'
   */
  readonly key?: string;
}

const ROOT_PASSWORD = struct(
  { name: text(dnsSubdomainProblem), key: text(secretKeyProblem) } satisfies Fields<EtcdRootPassword>,
  ['name'],
);

/** How members and jobs log in as `root`, the user that manages the cluster. */
export class EtcdRoot {
  /** With a password from a Secret. Members apply a new password in the Secret within two minutes. */
  public static password(secret: EtcdRootPassword): EtcdRoot {
    return new EtcdRoot('password', secret);
  }

  /**
   * With the client certificate of members and jobs, whose common name must be `root`: cert-manager issues it so. Needs
   * `tls` that requires client certificates and does not allow plain HTTP.
   */
  public static certificate(): EtcdRoot {
    return new EtcdRoot('certificate', undefined);
  }

  private constructor(
    /** @internal */
    public readonly _login: string,
    /** @internal */
    public readonly _secret: EtcdRootPassword | undefined,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this._login === 'password') ROOT_PASSWORD(this._secret, path, problems);
  }
}

/** How a user logs in. */
export enum EtcdLogin {
  /** With a password from the Secret `passwordSecret`. */
  PASSWORD = 'password',
  /** With a client certificate whose common name is the user's name. */
  CERTIFICATE = 'certificate',
}

/** A user of etcd. */
export interface EtcdUser {
  /** Name: 1 to 64 letters, digits, `.`, `_` or `-`. `root` is refused: it is declared by `root`. */
  readonly name: string;

  /**
   * Roles of the user, by name. Each must be in `roles`. `root` is allowed, with a warning: it gives full access.
   * @default - none: the user has no permissions
   */
  readonly roles?: string[];

  /**
   * How the user logs in. `EtcdLogin.CERTIFICATE` needs `tls` that requires client certificates.
   * @default EtcdLogin.PASSWORD
   */
  readonly login?: EtcdLogin;

  /**
   * Key of the password in `passwordSecret`. A password is one line without spaces, of at most 72 bytes. Refused for a
   * user with a certificate.
   * @default - the name of the user
   */
  readonly passwordKey?: string;
}

/** A role of etcd. @see https://etcd.io/docs/v3.6/op-guide/authentication/rbac/#working-with-roles */
export interface EtcdRole {
  /** Name: 1 to 64 letters, digits, `.`, `_` or `-`. `root` and `cdk8s-etcd` are refused: they are in use. */
  readonly name: string;

  /**
   * What the role allows. Two permissions for the same keys are refused: use `EtcdPermission.readWrite(...)`.
   * @default - nothing
   */
  readonly permissions?: EtcdPermission[];
}

/** Algorithm that signs tokens. The private key must match it. Sets `sign-method` of `--auth-token`. */
export enum EtcdSignMethod {
  /** RSA, PKCS #1 v1.5, with SHA-256. */
  RS256 = 'RS256',
  /** RSA, PKCS #1 v1.5, with SHA-384. */
  RS384 = 'RS384',
  /** RSA, PKCS #1 v1.5, with SHA-512. */
  RS512 = 'RS512',
  /** RSA-PSS with SHA-256. */
  PS256 = 'PS256',
  /** RSA-PSS with SHA-384. */
  PS384 = 'PS384',
  /** RSA-PSS with SHA-512. */
  PS512 = 'PS512',
  /** ECDSA, curve P-256, with SHA-256. */
  ES256 = 'ES256',
  /** ECDSA, curve P-384, with SHA-384. */
  ES384 = 'ES384',
  /** ECDSA, curve P-521, with SHA-512. */
  ES512 = 'ES512',
}

/** The key that signs tokens. All members use the same one. */
export interface EtcdTokenKey {
  /** Name of the Secret, in the cluster's namespace. */
  readonly name: string;

  /**
   * Key of the private key in the Secret, in PEM. Sets `priv-key` of `--auth-token`.
   * @default 'jwt-token.pem'
   */
  readonly key?: string;

  /**
   * Algorithm of the signatures. Sets `sign-method` of `--auth-token`.
   * @default EtcdSignMethod.RS256
   */
  readonly signMethod?: EtcdSignMethod;
}

const TOKEN_KEY = struct(
  {
    name: text(dnsSubdomainProblem),
    key: text(secretKeyProblem),
    signMethod: oneOf(EtcdSignMethod),
  } satisfies Fields<EtcdTokenKey>,
  ['name'],
);
const LIFETIME = seconds(10, 86_400);

/**
 * The tokens that clients get when they log in. docs/users.md says how to choose.
 * @see https://etcd.io/docs/v3.6/op-guide/configuration/#auth
 */
export class EtcdAuthToken {
  /**
   * Random tokens, which members keep in memory: a client logs in again after a member restarted.
   * @param lifetime how long a token that is not used is valid: from 10 seconds to a day, 5 minutes by default. Sets `--auth-token-ttl`
   */
  public static simple(lifetime?: Duration): EtcdAuthToken {
    return new EtcdAuthToken('simple', undefined, lifetime);
  }

  /**
   * Signed tokens (JWT), which every member can check: a client keeps its token when it connects to another member.
   * @param lifetime how long a token is valid: from 10 seconds to a day, 10 minutes by default. Sets `ttl` of `--auth-token`
   */
  public static jwt(key: EtcdTokenKey, lifetime?: Duration): EtcdAuthToken {
    return new EtcdAuthToken('jwt', key, lifetime);
  }

  private constructor(
    /** @internal */
    public readonly _kind: string,
    private readonly key: EtcdTokenKey | undefined,
    private readonly lifetime: Duration | undefined,
  ) {}

  /** @internal */
  public _check(path: string, problems: Problems): void {
    if (this._kind === 'jwt') TOKEN_KEY(this.key, path, problems);
    if (this.lifetime !== undefined) LIFETIME(this.lifetime, `${path}.lifetime`, problems);
  }

  /** @internal */
  public get _key(): EtcdTokenKey | undefined {
    return this.key;
  }

  /** @internal */
  public get _seconds(): number | undefined {
    return this.lifetime?.toSeconds({ integral: false });
  }
}

/** Users and roles of etcd. Members apply a change while they run. */
export interface EtcdAuthOptions {
  /** How members and jobs log in as `root`. On a running cluster, a change of it restarts the members. */
  readonly root: EtcdRoot;

  /**
   * Whether authentication is enabled. If false, the users and roles exist, and every client has full access: the
   * step before authentication is enabled and before `auth` is removed.
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Name of the Secret with the passwords of users, in the cluster's namespace. Its keys can be added and changed while
   * members run. Set it before the first user: changing the name restarts the members.
   * @default - none: refused when a user has a password
   */
  readonly passwordSecret?: string;

  /**
   * Users. One that is removed here is removed from etcd, if the library created it.
   * @default - none
   */
  readonly users?: EtcdUser[];

  /**
   * Roles. One that is removed here is removed from etcd, if the library created it.
   * @default - none
   */
  readonly roles?: EtcdRole[];

  /**
   * The tokens that clients get when they log in. A change restarts the members.
   * @default - random tokens, as EtcdAuthToken.simple()
   */
  readonly token?: EtcdAuthToken;
}

const USER = struct(
  {
    name: text(userNameProblem),
    roles: listOf(text(grantedRoleProblem), (role) => role),
    login: oneOf(EtcdLogin),
    passwordKey: text(secretKeyProblem),
  } satisfies Fields<EtcdUser>,
  ['name'],
);

/** etcd has one permission for a range. */
const PERMISSIONS: Check<readonly EtcdPermission[]> = (value, path, problems) => {
  const permissions = listOf(PERMISSION)(value, path, problems);
  const ranges = new Set<string>();
  permissions?.forEach((permission, i) => {
    const range = permission._range.join(' ');
    if (ranges.has(range))
      problems.add(
        `${path}[${i}]`,
        'another permission of the role has this range; keep one of them, and use EtcdPermission.readWrite(...) to allow both',
        permission._written,
      );
    ranges.add(range);
  });
  return permissions;
};

const ROLE = struct(
  {
    name: text(roleNameProblem),
    permissions: PERMISSIONS,
  } satisfies Fields<EtcdRole>,
  ['name'],
);

export const AUTH = struct(
  {
    root: made(EtcdRoot, 'EtcdRoot.password(...) or EtcdRoot.certificate()'),
    enabled: flag,
    passwordSecret: text(dnsSubdomainProblem),
    users: listOf(USER, (user) => user.name),
    roles: listOf(ROLE, (role) => role.name),
    token: made(EtcdAuthToken, 'EtcdAuthToken.simple(...) or EtcdAuthToken.jwt(...)'),
  } satisfies Fields<EtcdAuthOptions>,
  ['root'],
);
