import { eventually } from './support/eventually';
import { BOTH, mount, NONE, ONLY } from './support/tls';
import { CERTIFICATE, clientUrl, tlsCluster } from './support/tls-cluster';

tlsCluster('TLS on a running cluster', (tls) => {
  test('is enabled in two commits, and disabled again by reverting them', async () => {
    const members = await tls().start();
    await members.pod(0).put('a', '1');

    // The first pod with certificates joins through members that have none.
    await members.pod(2).kill();
    members.pod(2).wipe();
    mount(members, tls().ca);
    const first = await members.replace(2, BOTH);
    await members.ready(first);
    await members.roll(BOTH);
    expect(await tls().schemes()).toEqual(['http', 'http', 'http']);
    expect([await tls().accepts(clientUrl('http')), await tls().accepts(clientUrl('https'), ...CERTIFICATE)]).toEqual([
      true,
      true,
    ]);
    expect(await tls().accepts(clientUrl('https'), '--cacert=/tls/client/ca.crt')).toBe(false);
    const before = await members.whole();

    await members.roll(ONLY);
    await tls().peersUse('https');
    expect([await tls().accepts(clientUrl('http')), await tls().accepts(clientUrl('https'), ...CERTIFICATE)]).toEqual([
      false,
      true,
    ]);
    expect(await tls().accepts(clientUrl('https'), '--cacert=/tls/client/ca.crt')).toBe(false);

    await members.roll(BOTH);
    await tls().peersUse('http');
    await members.roll(NONE);
    expect(await members.pod(2).get('a')).toBe('1');
    const after = await members.whole();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  }, 240_000);

  test('members that all stopped in between start as they were, then change one after the other', async () => {
    const members = await tls().start(BOTH);
    await members.kill();
    members.rewrite(ONLY);
    await members.start(); // at once; but one that finds a quorum changes before it starts
    await tls().peersUse('https');
    for (const pod of members.pods) await pod.logs(/ (?:restarting etcd: its|changing the) peer URL .*https:/);
  }, 300_000);

  test('a single member changes by itself', async () => {
    const members = await tls().start({ replicas: 1, ...BOTH });
    await members.roll(ONLY);
    await tls().peersUse('https');
    await members.roll(BOTH);
    await tls().peersUse('http');
  }, 300_000);

  test('without the step between, the first pod refuses, and the others keep running', async () => {
    const members = await tls().start();
    const pod = await members.replace(2, ONLY);
    await pod.says(
      /^refusing 3 \S+ - etcd-[01] answers without the key of this cluster, and this member would serve TLS only: revert the commit, /,
    );
    expect(await members.pod(0).ready()).toBe(true);
    await members.replace(2, NONE);
    await members.whole();
  }, 90_000);

  test('data of a cluster without notes is not served with TLS only', async () => {
    const members = await tls().start({ replicas: 1 });
    const file = `${members.pod(0).volume}/data/member/snap/db`;
    await eventually('the data has their version', () => members.pod(0).read(file).includes('storageVersion'));
    await members.kill();
    members.pod(0).remove(`${members.pod(0).volume}/data.notes`);
    const pod = await members.replace(0, ONLY);
    await pod.says(/^refusing 1 \S+ - the data is from a cluster without TLS: set allowPlainHttp: true in tls first/);
    await members.roll(BOTH);
    await members.roll(ONLY);
    await tls().peersUse('https');
  }, 300_000);
});
