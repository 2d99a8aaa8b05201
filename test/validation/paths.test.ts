import { EtcdImage, type EtcdClusterProps } from '../../src';
import { problemsOf, synthCluster } from '../support/synth';

const extraVolumes = [{ name: 'v', emptyDir: {} }];
const mounted = (...paths: string[]): Partial<EtcdClusterProps> => ({
  extraVolumes,
  extraVolumeMounts: paths.map((mountPath) => ({ name: 'v', mountPath })),
});
const image = (layout: { mountPath?: string; binDirectory?: string }): Partial<EtcdClusterProps> => ({
  image: EtcdImage.custom('example.com/etcd:v3.6.16', { version: '3.6.16', ...layout }),
});

test.each([
  ['/var/lib/etcd', 'is used by the library'],
  ['/var/lib/etcd/', 'is used by the library'],
  ['//var/lib/etcd', 'is used by the library'],
  ['/var//lib///etcd', 'is used by the library'],
  ['/var/./lib/etcd/data', 'is used by the library'],
  ['/usr/local/bin/etcd', 'is used by the library'],
  ['/toolbox', 'is used by the library'],
  ['/settings/x', 'is used by the library'],
  ['/run/etcd/.', 'is used by the library'],
  ['/tls/server', 'is used by the library'],
  ['/auth/root', 'is used by the library'],
  ['/auth/users/x', 'is used by the library'],
  ['/auth/token', 'is used by the library'],
  ['/auth', 'would hide /auth/root, which the library uses'],
  ['/usr/local', 'would hide /usr/local/bin, which the library uses, got "/usr/local"; mount a folder below it'],
  ['/usr', 'would hide /usr/local/bin, which the library uses'],
  ['/var/lib', 'would hide /var/lib/etcd, which the library uses'],
  ['/', 'would hide /var/lib/etcd, which the library uses'],
  ['//', 'would hide /var/lib/etcd, which the library uses'],
  ['/./', 'would hide /var/lib/etcd, which the library uses'],
  ['/run', 'would hide /run/etcd, which the library uses'],
  ['/proc/self', 'is used by the container runtime'],
  ['/sys', 'is used by the container runtime'],
  ['/dev', 'is used by the container runtime'],
  ['/etc', 'is used by the container runtime'],
  ['/etc/resolv.conf', 'is used by the container runtime'],
])('a mount at %s', (path, expected) => {
  expect(problemsOf(() => synthCluster(mounted(path)))).toEqual([
    expect.stringContaining(`[test/Etcd] extraVolumeMounts[0].mountPath: ${expected}`),
  ]);
});

test('two mounts at one path', () => {
  expect(problemsOf(() => synthCluster(mounted('/a/b', '/a/./b/')))).toEqual([
    expect.stringContaining('extraVolumeMounts[1].mountPath: is the path of another mount'),
  ]);
});

test.each([
  '/var/lib/etcd-backup',
  '/auth/mine',
  '/usr/local/share',
  '/usr/local/binary',
  '/etc/ssl/certs',
  '/dev/shm',
  '/data',
  '/x/.y',
])('a mount at %s hides nothing', (path) => {
  expect(problemsOf(() => synthCluster(mounted(path)))).toEqual([]);
});

test.each([
  [{ mountPath: '/toolbox' }, 'image.mountPath: overlaps /toolbox, which the library uses'],
  [{ mountPath: '/settings' }, 'image.mountPath: overlaps /settings, which the library uses'],
  [{ mountPath: '/run/etcd' }, 'image.mountPath: overlaps /run/etcd, which the library uses'],
  [{ mountPath: '/run' }, 'image.mountPath: overlaps /run/etcd, which the library uses'],
  [{ mountPath: '/tls/data' }, 'image.mountPath: overlaps /tls, which the library uses'],
  [{ mountPath: '/usr/local' }, 'image.mountPath: overlaps the programs in /usr/local/bin'],
  [
    { mountPath: '/opt/etcd', binDirectory: '/opt/etcd/bin' },
    'image.mountPath: overlaps the programs in /opt/etcd/bin',
  ],
  [{ mountPath: '/proc/etcd' }, 'image.mountPath: is used by the container runtime'],
  [{ binDirectory: '/toolbox/bin' }, 'image.binDirectory: is used by the library'],
  [{ binDirectory: '/tmp' }, 'image.binDirectory: is used by the library'],
  [{ mountPath: '/' }, 'image.mountPath: expected an absolute path'],
  [{ mountPath: '//var/lib/etcd' }, 'image.mountPath: expected an absolute path'],
  [{ mountPath: '/var/./lib/etcd' }, 'image.mountPath: expected an absolute path'],
  [{ mountPath: '/data/$(POD_NAME)' }, 'image.mountPath: expected an absolute path'],
  [{ binDirectory: '/bin:/usr/bin' }, 'image.binDirectory: expected an absolute path'],
])('a custom image with %j', (layout, expected) => {
  expect(problemsOf(() => synthCluster(image(layout)))).toEqual([expect.stringContaining(`[test/Etcd] ${expected}`)]);
});

test('a custom image with other paths', () => {
  expect(problemsOf(() => synthCluster(image({ mountPath: '/opt/data', binDirectory: '/opt/bin' })))).toEqual([]);
});
