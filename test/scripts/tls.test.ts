import { EtcdMemberAddresses } from '../../src';
import { Ca, type Certificate } from './support/certificates';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';
import type { Pod } from './support/pod';
import { BOTH, CHART_NAMES, mount, NONE, ONLY, OPTIONAL, put, SERVER_NAMES, SERVICES } from './support/tls';

describeMembers('TLS on a running cluster', () => {
  let members: Members;
  let ca: Ca;
  beforeEach(() => {
    ca = new Ca();
  });
  afterEach(async () => {
    await members.remove();
    ca.remove();
  });

  const schemes = async (): Promise<string[]> => {
    const list = await members.list();
    return list.map(({ peerUrl }) => peerUrl.replace(/:.*/, ''));
  };
  const peersUse = async (scheme: string): Promise<void> => {
    const all = members.pods.map(() => scheme).join();
    await eventually(
      `all peer URLs are ${scheme}`,
      async () => (await schemes()).join() === all,
      90, // a change takes 25 s on an idle machine
      () => members.state(),
    );
    await members.whole();
  };
  const accepts = async (url: string, ...flags: string[]): Promise<boolean> => {
    const script = 'unset ETCDCTL_CERT ETCDCTL_KEY ETCDCTL_CACERT; exec etcdctl "$@"';
    const args = ['--endpoints', url, '--command-timeout=2s', ...flags, 'get', 'a'];
    return (await members.pod(0).exec('sh', '-c', script, 'etcdctl', ...args)).status === 0;
  };
  const url = (scheme: string): string => `${scheme}://${SERVICES[1]}:2379`;
  const CERTIFICATE = ['--cert=/tls/client/tls.crt', '--key=/tls/client/tls.key', '--cacert=/tls/client/ca.crt'];

  test('is enabled in two commits, and disabled again by reverting them', async () => {
    members = await Members.create();
    mount(members, ca);
    await members.start();
    await members.whole();
    await members.pod(0).put('a', '1');

    // The first pod with certificates joins through members that have none.
    await members.pod(2).kill();
    members.pod(2).wipe();
    mount(members, ca);
    const first = await members.replace(2, BOTH);
    await members.ready(first);
    await members.roll(BOTH);
    expect(await schemes()).toEqual(['http', 'http', 'http']);
    expect([await accepts(url('http')), await accepts(url('https'), ...CERTIFICATE)]).toEqual([true, true]);
    expect(await accepts(url('https'), '--cacert=/tls/client/ca.crt')).toBe(false);
    const before = await members.whole();

    await members.roll(ONLY);
    await peersUse('https');
    expect([await accepts(url('http')), await accepts(url('https'), ...CERTIFICATE)]).toEqual([false, true]);
    expect(await accepts(url('https'), '--cacert=/tls/client/ca.crt')).toBe(false);

    await members.roll(BOTH);
    await peersUse('http');
    await members.roll(NONE);
    expect(await members.pod(2).get('a')).toBe('1');
    const after = await members.whole();
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  }, 240_000);

  test('members that all stopped in between start as they were, then change one after the other', async () => {
    members = await Members.create(BOTH);
    mount(members, ca);
    await members.start();
    await members.whole();
    await members.kill();
    await Promise.all(members.pods.map((_, ordinal) => members.replace(ordinal, ONLY)));
    await peersUse('https');
    for (const pod of members.pods) await pod.logs(/ restarting etcd: its peer URL changes to https:/);
  }, 300_000);

  test('a single member changes by itself', async () => {
    members = await Members.create({ replicas: 1, ...BOTH });
    mount(members, ca);
    await members.start();
    await members.whole();
    await members.roll(ONLY);
    await peersUse('https');
    await members.roll(BOTH);
    await peersUse('http');
  }, 300_000);

  test('without the step between, the first pod refuses, and the others keep running', async () => {
    members = await Members.create();
    mount(members, ca);
    await members.start();
    await members.whole();
    const pod = await members.replace(2, ONLY);
    await pod.says(
      /^refusing 3 \S+ - etcd-[01] answers without the key of this cluster, and this member would serve TLS only: revert the commit, /,
    );
    expect(await members.pod(0).ready()).toBe(true);
    await members.replace(2, NONE);
    await members.whole();
  }, 90_000);

  test('client certificates that are optional', async () => {
    members = await Members.create({ replicas: 1, ...OPTIONAL });
    mount(members, ca);
    await members.start();
    await members.whole();
    const own = `https://${SERVICES[0]}:2379`;
    expect(await accepts(own, '--cacert=/tls/client/ca.crt')).toBe(true);
    expect(await accepts(own, ...CERTIFICATE)).toBe(true);
    expect(await accepts(own)).toBe(false);

    await members.roll(ONLY);
    expect(await accepts(own, '--cacert=/tls/client/ca.crt')).toBe(false);
    expect(await accepts(own, ...CERTIFICATE)).toBe(true);
  }, 120_000);

  test('a lost volume', async () => {
    members = await Members.create(ONLY);
    mount(members, ca);
    await members.start();
    await members.whole();
    await members.pod(1).kill();
    members.pod(1).wipe();
    await members.pod(1).start();
    await peersUse('https');
  }, 300_000);

  test('a new CA is accepted without a step by hand: first a bundle, then its certificates', async () => {
    members = await Members.create(ONLY);
    mount(members, ca);
    await members.start();
    await members.whole();
    const next = new Ca('next');
    const bundle = `${ca.certificate}${next.certificate}`;
    const used = (pod: Pod): string[] =>
      ['server', 'peer', 'client'].map((owner) => pod.read(`run/etcd/ca/${owner}.crt`).trim());
    const use = async (trusted: string): Promise<void> => {
      for (const pod of members.pods)
        await eventually(
          `${pod.name} uses the new CAs`,
          () => used(pod).every((text) => text === trusted.trim()),
          60,
          () => members.state(),
        );
      await members.whole();
    };
    mount(members, ca, bundle);
    await use(bundle);
    mount(members, next, bundle);
    await members.whole();
    mount(members, next);
    await use(next.certificate);
    expect(await accepts(url('https'), ...CERTIFICATE)).toBe(true);
    next.remove();
  }, 200_000);

  test('a CA that was replaced without a bundle: members restart one after the other', async () => {
    members = await Members.create(ONLY);
    mount(members, ca);
    await members.start();
    await members.whole();
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

  test('a certificate that does not work is reported, and used again once it does', async () => {
    members = await Members.create({ replicas: 1, ...ONLY });
    mount(members, ca);
    await members.start();
    await members.whole();
    const [pod] = members.pods as [Pod];
    const other = new Ca('other');
    const cases: [string, Certificate, RegExp][] = [
      ['server', ca.issue({ names: SERVER_NAMES, days: 0 }), /clients cannot connect over TLS: .*expired/],
      [
        'server',
        ca.issue({ names: ['elsewhere'] }),
        /clients cannot connect over TLS: .*valid for elsewhere, not etcd-0/,
      ],
      [
        'server',
        { ...other.issue({ names: SERVER_NAMES }), ca: ca.certificate },
        /clients .*: x509: .*unknown authority/,
      ],
      [
        'client',
        { ...other.issue({}), ca: ca.certificate },
        /clients cannot connect over TLS: .*(remote error|server preface): /,
      ],
      [
        'server',
        { ...ca.issue({ names: SERVER_NAMES }), key: other.issue({}).key },
        /clients cannot connect over TLS: /,
      ],
      [
        'peer',
        ca.issue({ names: ['elsewhere'] }),
        /other members cannot connect over TLS: .*valid for elsewhere, not etcd-0/,
      ],
    ];
    const scripts = ['preamble', 'data', 'messages', 'phase', 'membership', 'transport', 'report-tls'].map(
      (name) => `${name}.sh`,
    );
    const problem = async (): Promise<string> => {
      const { stdout, stderr } = await pod.sh(scripts, 'seconds_since() { echo 0; }; use_current_data; tls_problem');
      return stdout + stderr;
    };
    for (const [owner, certificate, line] of cases) {
      put(pod, owner, certificate);
      // With TLS 1.3, the connection may end before the reason is read.
      await eventually(`${line}`, async () => line.test(await problem()));
      mount(members, ca);
      expect(await problem()).toBe('');
    }
    const says = (line: RegExp): Promise<void> =>
      eventually(
        `it logs ${line}`,
        () => line.test(pod.log().at(-1) ?? ''),
        45,
        () => members.state(),
      );
    put(pod, 'server', ca.issue({ names: SERVER_NAMES, days: 0 }));
    await says(
      / error: clients cannot connect over TLS: .*expired.*; check the certificates in \/tls\/server and \/tls\/client$/,
    );
    mount(members, ca);
    await says(/ the certificates work again$/);
    expect(pod.log().filter((line) => / restarting etcd: /.test(line))).toEqual([]);
    other.remove();
  }, 150_000);

  test('data of a cluster without notes is not served with TLS only', async () => {
    members = await Members.create({ replicas: 1 });
    mount(members, ca);
    await members.start();
    await members.whole();
    const file = `${members.pod(0).volume}/data/member/snap/db`;
    await eventually('the data has their version', () => members.pod(0).read(file).includes('storageVersion'));
    await members.kill();
    members.pod(0).remove(`${members.pod(0).volume}/data.notes`);
    const pod = await members.replace(0, ONLY);
    await pod.says(/^refusing 1 \S+ - the data is from a cluster without TLS: set allowPlainHttp: true in tls first/);
    await members.roll(BOTH);
    await members.roll(ONLY);
    await peersUse('https');
  }, 300_000);

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
    await members.ready(pod, 60);
  };

  test('members of a chart with TLS are adopted, with certificates for the names of their pods', async () => {
    members = await Members.create({ memberAddresses: EtcdMemberAddresses.POD, ...ONLY });
    mount(members, ca, ca.certificate, [...CHART_NAMES, '127.0.0.1']);
    await members.start();
    const before = await members.whole();
    await members.pod(0).put('a', '1');
    for (const pod of [...members.pods].reverse()) await adopt(pod);
    expect(await members.pod(0).get('a')).toBe('1');
    expect((await members.whole()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    await peersUse('https');
    expect(members.state()).not.toContain('cannot connect over TLS');
  }, 300_000);

  test('a single member of a chart with TLS is adopted, with a certificate without the address of localhost', async () => {
    members = await Members.create({ replicas: 1, memberAddresses: EtcdMemberAddresses.POD, ...ONLY });
    mount(members, ca, ca.certificate, CHART_NAMES);
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
