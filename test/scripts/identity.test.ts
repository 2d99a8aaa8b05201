import { describeMembers, machine } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';

/** The network requests of a pod. None if it refuses to start. */
async function asked(pod: Pod): Promise<string[]> {
  const { stdout } = await pod.exec('sh', '-c', 'ls -d /run/etcd/answers.* 2>/dev/null || true');
  return stdout.split('\n').filter((line) => line !== '');
}

const reports = (version: string): string =>
  `[ "$1" != --version ] || { echo 'etcd Version: ${version}'; exit; }\nexec /usr/local/bin/etcd "$@"`;

describeMembers('a pod that is not the member that its manifests mean', () => {
  let members: Members;
  beforeEach(async () => {
    members = await Members.create();
  });
  afterEach(() => members.remove());

  const refuses = async (pod: Pod, why: RegExp): Promise<void> => {
    await pod.start();
    await pod.says(/^refusing 3 /);
    expect(pod.phase()).toMatch(why);
    await pod.logs(/ refusing to start: /);
    expect(await asked(pod)).toEqual([]);
    expect(pod.runsEtcd()).toBe(false);
    expect(await pod.stop(5)).toBe(true);
  };

  test('a copy of the manifests in another namespace', async () => {
    members.pod(0).place = { namespace: 'copy' };
    await refuses(
      members.pod(0),
      / - this pod is in namespace copy, but its manifests are for etcd-cluster: set the namespace prop$/,
    );
  });

  test('a copy with a prefix to its names', async () => {
    members.pod(0).place = { name: 'dev-etcd-0' };
    await refuses(
      members.pod(0),
      / - this pod is dev-etcd-0, but its manifests are for the cluster etcd: set the name prop, and do not use namePrefix$/,
    );
  });

  test('a copy of a volume', async () => {
    const pod = members.pod(0);
    pod.write(`${pod.volume}/owner`, 'etcd-0.production.svc.cluster.local\n');
    await refuses(
      pod,
      / - the volume belongs to etcd-0\.production\.svc\.cluster\.local, but this pod is etcd-0\.etcd-cluster\.svc\.cluster\.local: restore a snapshot/,
    );
  });

  test('another minor version in the image', async () => {
    const pod = members.pod(0);
    pod.programs = { etcd: reports('3.4.1') };
    await refuses(
      pod,
      / - the image contains etcd 3\.4\.1, but its manifests are for 3\.\d\.\d+: set the image prop, and do not override the image in the manifests$/,
    );
  });

  test('an image whose etcd version is unknown', async () => {
    const pod = members.pod(0);
    pod.programs = { etcd: 'exit 1' };
    await refuses(pod, / - cannot tell the etcd version of the image: etcd --version fails$/);
  });

  test('another patch release is used, and the log says so', async () => {
    const pod = members.pod(0);
    const [minor] = /^3\.\d/.exec(machine.etcdVersion) ?? [''];
    pod.programs = { etcd: reports(`${minor}.99`) };
    await pod.start();
    await pod.says(/^fresh 3 /);
    await pod.logs(
      new RegExp(
        ` the image contains etcd ${minor}\\.99, and the manifests say ${machine.etcdVersion}: using ${minor}\\.99$`,
      ),
    );
  });

  test('a volume becomes the member’s when etcd first starts on it', async () => {
    const pod = members.pod(0);
    await members.start();
    await members.whole();
    expect(pod.read(`${pod.volume}/owner`)).toBe('etcd-0.etcd-cluster.svc.cluster.local\n');
  });
});
