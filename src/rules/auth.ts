import type { Problems } from '../checks/problems';
import type { AuthConfig } from '../config/auth';
import type { ClusterConfig } from '../config/cluster';
import { EtcdLogin } from '../props/auth';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

/** What no option of `auth` can tell alone. */
export function checkAuth(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  const { auth } = config;
  if (!auth || problems.touch('auth')) return;
  checkRoot(config, auth, problems);
  checkUsers(config, auth, problems);
  checkRootEnv(config.etcd.extraEnv, config, problems);
  warnOfFullAccess(auth, warnings);
}

/** Variables with which etcdctl would log in as another user. Also used for jobs. */
export function checkRootEnv(
  env: ClusterConfig['etcd']['extraEnv'],
  { auth }: ClusterConfig,
  problems: Problems,
): void {
  if (!auth?.rootPassword) return;
  env.forEach(({ name }, i) => {
    if (['ETCDCTL_USER', 'ETCDCTL_PASSWORD'].includes(name))
      problems.add(`extraEnv[${i}].name`, 'is set by the library for root; remove it', name);
  });
}

function checkRoot({ tls }: ClusterConfig, { rootPassword }: AuthConfig, problems: Problems): void {
  if (rootPassword || problems.touch('tls')) return;
  const needed =
    'EtcdRoot.certificate() needs tls that requires client certificates, without allowPlainHttp; use EtcdRoot.password(...)';
  if (!tls || !tls.requireClientCertificates || tls.allowPlainHttp) problems.add('auth.root', needed);
}

function checkUsers({ tls }: ClusterConfig, { users, roles, passwordSecret }: AuthConfig, problems: Problems): void {
  const known = [...roles.map(({ name }) => name), 'root'];
  users.forEach((user, i) => {
    const path = `auth.users[${i}]`;
    user.roles.forEach((role, k) => {
      if (!known.includes(role))
        problems.add(`${path}.roles[${k}]`, 'unknown role; add it to auth.roles, or correct the name', role);
    });
    if (user.login === EtcdLogin.CERTIFICATE && !tls?.requireClientCertificates && !problems.touch('tls'))
      problems.add(
        `${path}.login`,
        'needs tls that requires client certificates; set tls, or use a password',
        'certificate',
      );
    if (user.login === EtcdLogin.CERTIFICATE && user.passwordKey !== '')
      problems.add(
        `${path}.passwordKey`,
        'has no effect, because the user has a certificate; remove it',
        user.passwordKey,
      );
    if (user.login === EtcdLogin.PASSWORD && passwordSecret === undefined)
      problems.add(`${path}.login`, 'needs passwordSecret, the Secret with the passwords of users; set it', 'password');
  });
}

function warnOfFullAccess({ users, roles }: AuthConfig, warnings: Warnings): void {
  const full = roles.filter(({ permissions }) => permissions.some((p) => p.isForAllKeys && p.access === 'readwrite'));
  const powerful = ['root', ...full.map(({ name }) => name)];
  users.forEach((user, i) => {
    const role = user.roles.find((name) => powerful.includes(name));
    if (role !== undefined)
      warnings.add(
        EtcdWarning.FULL_ACCESS,
        `auth.users[${i}].roles: ${user.name} has full access to all keys through the role ${role}; give it only the keys that it needs`,
      );
  });
}
