import { Duration } from 'cdk8s';
import {
  EtcdAuthToken,
  EtcdKeyRange,
  EtcdLogin,
  EtcdPermission,
  EtcdRoot,
  EtcdSignMethod,
  type EtcdAuthOptions,
} from '../../src';

/** Every option of `auth`, with a value that is not its default. */
export const ALL_AUTH: Required<EtcdAuthOptions> = {
  enabled: false,
  root: EtcdRoot.password({ name: 'root-of-metadata', key: 'password' }),
  passwordSecret: 'passwords-of-metadata',
  roles: [
    {
      name: 'reader',
      permissions: [
        EtcdPermission.read(EtcdKeyRange.prefix('/metadata/')),
        EtcdPermission.write(EtcdKeyRange.between('a', 'b')),
        EtcdPermission.readWrite(EtcdKeyRange.key('lock')),
        EtcdPermission.read(EtcdKeyRange.from('zz')),
        EtcdPermission.read(EtcdKeyRange.all()),
      ],
    },
  ],
  users: [
    { name: 'app', roles: ['reader'], passwordKey: 'of-app' },
    { name: 'web', login: EtcdLogin.PASSWORD },
  ],
  token: EtcdAuthToken.jwt(
    { name: 'token-of-metadata', key: 'key.pem', signMethod: EtcdSignMethod.ES256 },
    Duration.hours(1),
  ),
};
