import { EtcdMemberAddresses } from '../../src';
import { Ca } from './support/certificates';
import { eventually } from './support/eventually';
import type { Pod } from './support/pod';
import { CHART_NAMES, mount, ONLY } from './support/tls';
import { tlsCluster } from './support/tls-cluster';

tlsCluster('TLS: a lost CA, and a chart', (tls) => {
  /** As the chart leaves the volume: without what this library writes beside the data. */
  const forget = (pod: Pod): void => {
    for (const file of ['data.notes', 'disk-id', 'owner']) pod.remove(`${pod.volume}/${file}`);
  };

  const adopt = async (pod: Pod): Promise<void> => {
    const data = `${pod.volume}/data/member/snap/db`;
    await eventually('the data has their version', () => pod.read(data).includes('storageVersion'));
    await pod.stop(30);
    forget(pod);
    await pod.start();
    await tls().members.ready(pod, 60);
  };

  test('a CA that was replaced without a bundle: members restart one after the other', async () => {
    const members = await tls().start(ONLY);
    await members.pod(0).put('a', '1');
    const next = new Ca('next');
    mount(members, next);
    await members.pod(2).logs(/ the CA was replaced without a bundle$/, 240);
    await members.whole(members.pods, 90);
    expect(await members.pod(1).get('a')).toBe('1');
    const restarts = members.pods.map((pod) => pod.log().filter((line) => / without a bundle$/.test(line)).length);
    expect(restarts[0]).toBe(1);
    next.remove();
  }, 400_000);

  test('members of a chart with TLS are adopted, with certificates for the names of their pods', async () => {
    const members = await tls().create({ memberAddresses: EtcdMemberAddresses.POD, ...ONLY });
    mount(members, tls().ca, tls().ca.certificate, [...CHART_NAMES, '127.0.0.1']);
    await members.start();
    const before = await members.whole();
    await members.pod(0).put('a', '1');
    for (const pod of [...members.pods].reverse()) await adopt(pod);
    expect(await members.pod(0).get('a')).toBe('1');
    expect((await members.whole()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    await tls().peersUse('https');
    expect(members.state()).not.toContain('cannot connect over TLS');
  }, 300_000);

  test('a single member of a chart with TLS is adopted, with a certificate without the address of localhost', async () => {
    const members = await tls().create({ replicas: 1, memberAddresses: EtcdMemberAddresses.POD, ...ONLY });
    mount(members, tls().ca, tls().ca.certificate, CHART_NAMES);
    const pod = members.pod(0);
    await pod.start();
    await members.ready(pod, 30);
    await adopt(pod);
    const endpoint = `https://${pod.name}.etcd-headless.etcd-cluster.svc.cluster.local:2379`;
    const { stdout } = await pod.exec('etcdctl', '--endpoints', endpoint, 'member', 'list');
    expect(stdout).toContain('https://etcd-0.etcd-headless.etcd-cluster.svc.cluster.local:2380');
    expect(pod.log().join('\n')).not.toMatch(/error|refus/);
  }, 120_000);
});
