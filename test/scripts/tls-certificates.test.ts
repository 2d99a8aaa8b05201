import { Ca, type Certificate } from './support/certificates';
import { eventually } from './support/eventually';
import type { Pod } from './support/pod';
import { mount, ONLY, OPTIONAL, put, SERVER_NAMES, SERVICES } from './support/tls';
import { CERTIFICATE, clientUrl, tlsCluster } from './support/tls-cluster';

tlsCluster('certificates', (tls) => {
  test('client certificates that are optional', async () => {
    const members = await tls().start({ replicas: 1, ...OPTIONAL });
    const own = `https://${SERVICES[0]}:2379`;
    expect(await tls().accepts(own, '--cacert=/tls/client/ca.crt')).toBe(true);
    expect(await tls().accepts(own, ...CERTIFICATE)).toBe(true);
    expect(await tls().accepts(own)).toBe(false);

    await members.roll(ONLY);
    expect(await tls().accepts(own, '--cacert=/tls/client/ca.crt')).toBe(false);
    expect(await tls().accepts(own, ...CERTIFICATE)).toBe(true);
  }, 120_000);

  test('a lost volume', async () => {
    const members = await tls().start(ONLY);
    await members.pod(1).kill();
    members.pod(1).wipe();
    await members.pod(1).start();
    await tls().peersUse('https');
  }, 300_000);

  test('a new CA is accepted without a step by hand: first a bundle, then its certificates', async () => {
    const members = await tls().start(ONLY);
    const next = new Ca('next');
    const bundle = `${tls().ca.certificate}${next.certificate}`;
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
    mount(members, tls().ca, bundle);
    await use(bundle);
    mount(members, next, bundle);
    await members.whole();
    mount(members, next);
    await use(next.certificate);
    expect(await tls().accepts(clientUrl('https'), ...CERTIFICATE)).toBe(true);
    next.remove();
  }, 200_000);

  test('a certificate that does not work is reported, and used again once it does', async () => {
    const members = await tls().start({ replicas: 1, ...ONLY });
    const [pod] = members.pods as [Pod];
    const other = new Ca('other');
    const cases: [string, Certificate, RegExp][] = [
      ['server', tls().ca.issue({ names: SERVER_NAMES, days: 0 }), /clients cannot connect over TLS: .*expired/],
      [
        'server',
        tls().ca.issue({ names: ['elsewhere'] }),
        /clients cannot connect over TLS: .*valid for elsewhere, not etcd-0/,
      ],
      [
        'server',
        { ...other.issue({ names: SERVER_NAMES }), ca: tls().ca.certificate },
        /clients .*: x509: .*unknown authority/,
      ],
      [
        'client',
        { ...other.issue({}), ca: tls().ca.certificate },
        /clients cannot connect over TLS: .*(remote error|server preface): /,
      ],
      [
        'server',
        { ...tls().ca.issue({ names: SERVER_NAMES }), key: other.issue({}).key },
        /clients cannot connect over TLS: /,
      ],
      [
        'peer',
        tls().ca.issue({ names: ['elsewhere'] }),
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
      mount(members, tls().ca);
      expect(await problem()).toBe('');
    }
    const says = (line: RegExp): Promise<void> =>
      eventually(
        `it logs ${line}`,
        () => line.test(pod.log().at(-1) ?? ''),
        45,
        () => members.state(),
      );
    const metrics = async (): Promise<string> =>
      (await pod.exec('wget', '-q', '-O', '-', 'http://127.0.0.1:2382/metrics.txt')).stdout;
    const lines = (fails: number): RegExp => {
      const ofEach = (metric: string): string =>
        ['client', 'peer', 'server'].map((of) => `${metric}{certificate="${of}"} \\d{9,}\n`).join('');
      const times = ['not_after', 'not_before'].map((time) =>
        ofEach(`cdk8s_etcd_certificate_${time}_timestamp_seconds`),
      );
      return new RegExp(`^cdk8s_etcd_tls_fails ${fails}\n${times.join('')}$`);
    };
    const publishes = (fails: number): Promise<void> =>
      eventually(
        'it is published',
        async () => lines(fails).test(await metrics()),
        45,
        () => members.state(),
      );
    await publishes(0);
    put(pod, 'server', tls().ca.issue({ names: SERVER_NAMES, days: 0 }));
    await says(
      / error: clients cannot connect over TLS: .*expired.*; check the certificates in \/tls\/server and \/tls\/client$/,
    );
    await publishes(1);
    mount(members, tls().ca);
    await says(/ the certificates work again$/);
    await publishes(0);
    expect(pod.log().filter((line) => / restarting etcd: /.test(line))).toEqual([]);
    other.remove();
  }, 150_000);
});
