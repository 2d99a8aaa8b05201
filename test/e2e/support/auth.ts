import { EtcdKeyRange, EtcdPermission, EtcdRoot, type EtcdAuthOptions } from '../../../src';

/** With E2E_USERS, every cluster of the library has users, and clients log in. */
export const WITH_USERS = Boolean(process.env.E2E_USERS);

export const ROOT_PASSWORD = 'root-of-the-test';
/** The user of the clients: NAME:PASSWORD. */
export const APP = 'app:first';

export const AUTH: EtcdAuthOptions = {
  root: EtcdRoot.password({ name: 'etcd-root' }),
  passwordSecret: 'etcd-users',
  roles: [{ name: 'app', permissions: [EtcdPermission.readWrite(EtcdKeyRange.all())] }],
  users: [{ name: 'app', roles: ['app'] }],
};

/** What a person creates beside the manifests. */
export function secrets(root = ROOT_PASSWORD, users: { readonly [user: string]: string } = { app: 'first' }): object[] {
  const secret = (name: string, stringData: object): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData,
  });
  return [secret('etcd-root', { root }), secret('etcd-users', users)];
}
