import type { ClusterConfig } from '../config/cluster';
import type { SecretKey } from '../config/auth';
import { PASSWORD_FILE, PATH, TOKEN_FILE, VOLUME } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { READABLE_BY_GROUP } from './pod';

interface Mounted {
  readonly volume: Json<k8s.Volume>;
  readonly path: string;
}

/** The password of root, which every client of etcd in this cluster's pods needs. */
export function rootPassword({ auth }: ClusterConfig): Mounted[] {
  return auth?.rootPassword ? [one(VOLUME.root, auth.rootPassword, PASSWORD_FILE, PATH.root)] : [];
}

/** What members need besides: the passwords of users, without which they run, and the key of tokens. */
export function memberSecrets(config: ClusterConfig): Mounted[] {
  const { passwordSecret, token } = config.auth ?? {};
  return [
    ...rootPassword(config),
    ...(passwordSecret === undefined
      ? []
      : [
          {
            volume: {
              name: VOLUME.users,
              secret: { secretName: passwordSecret, optional: true, defaultMode: READABLE_BY_GROUP },
            },
            path: PATH.users,
          },
        ]),
    ...(token?.key ? [one(VOLUME.token, token.key, TOKEN_FILE, PATH.token)] : []),
  ];
}

function one(volume: string, { name, key }: SecretKey, path: string, folder: string): Mounted {
  const secret = { secretName: name, items: [{ key, path }], defaultMode: READABLE_BY_GROUP };
  return { volume: { name: volume, secret }, path: folder };
}

export function volumesOf(mounted: Mounted[]): Json<k8s.Volume>[] {
  return mounted.map(({ volume }) => volume);
}

export function mountsOf(mounted: Mounted[]): Json<k8s.VolumeMount>[] {
  return mounted.map(({ volume, path }) => ({ name: volume.name, mountPath: path, readOnly: true }));
}

/** The users and roles for scripts/member/users.sh. Undefined values are left out. */
export function userSettings({ auth }: ClusterConfig): { readonly auth?: string; readonly users?: string } {
  if (!auth) return {};
  const lines = [
    ...auth.roles.flatMap(({ name, permissions }) => [
      `role ${name}`,
      ...permissions.map(({ access, range }) => `permission ${name} ${access} ${range.join(' ')}`),
    ]),
    ...auth.users.flatMap(({ name, login, passwordKey, roles }) => [
      `user ${name} ${login}${passwordKey && ` ${passwordKey}`}`,
      ...roles.map((role) => `member ${name} ${role}`),
    ]),
  ];
  return { auth: auth.enabled ? 'on' : 'off', users: lines.map((line) => `${line}\n`).join('') };
}
