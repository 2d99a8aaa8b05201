import { Yaml } from 'cdk8s';
import { EtcdIssuer, EtcdTls, type EtcdCertManagerOptions } from '../../src';
import { isReady, podName } from './support/cluster';
import { blocksOf, runBlock } from './support/guides';
import { sleep, type Live } from './support/kubectl';
import { GAP_SLACK, LIMITS, PATIENCE } from './support/limits';
import { expectUnnoticed, Scenario, timed } from './support/scenario';
import { useSpace } from './support/space';

const NEXT = 'next'; // a second CA, of the test's own
const RENEWALS = Number(process.env.E2E_RENEWALS ?? 2);
const LEAVES = ['etcd-server-tls', 'etcd-peer-tls', 'etcd-client-tls'];
const own = (options: EtcdCertManagerOptions = {}): { tls: EtcdTls } => ({ tls: EtcdTls.fromOwnCa(options) });

if (process.env.E2E_CERT_MANAGER !== 'yes') {
  test.skip('TLS: skipped, since it takes E2E_CERT_MANAGER=yes (see README.md)', () => undefined);
} else {
  describe('TLS on a running cluster', () => {
    const space = useSpace('tls');
    let scenario: Scenario;
    beforeAll(async () => {
      scenario = await Scenario.start(space, { tls: undefined });
    });

    const endpoints = (scheme: string) =>
      scenario.cluster.memberUrls().map((url) => url.replace(/^https?:/, `${scheme}:`));
    const write = (name: string, scheme: string) => scenario.write(name, { endpoints: endpoints(scheme), retries: 1 });
    /** A commit, and its rollout. */
    const commit = (props: { tls: EtcdTls | undefined }) =>
      timed(async () => {
        const pods = await scenario.cluster.pods();
        await scenario.cluster.apply(props);
        await scenario.cluster.whole(pods);
      });
    /** A kubelet looks for changed Secrets when its pod has changed, or after more than a minute. */
    const clientHas = (file: string) =>
      scenario.cluster.kubectl.until(`the client to have ${file}`, PATIENCE, async () => {
        await scenario.cluster.kubectl.do(['annotate', 'pod', 'writer', '--overwrite', `e2e/at=${Date.now()}`]);
        const look = `process.exitCode = require('node:fs').existsSync('/tls/${file}') ? 0 : 1`;
        return (await scenario.cluster.kubectl.exec('writer', 'writer', ['node', '-e', look])).ok;
      });
    const schemes = async () =>
      (await scenario.cluster.members()).map((member) => new URL(member.peerUrls[0] ?? '').protocol);
    /** Whether a client that has no certificate is served, by each member. */
    const withoutCertificate = async (scheme: string): Promise<boolean[]> => {
      const cas = scheme === 'http' ? 'ETCDCTL_CACERT' : ''; // with CAs, etcdctl uses TLS anyway
      const get = `unset ETCDCTL_CERT ETCDCTL_KEY ${cas}; exec etcdctl --endpoints "$1" --command-timeout=3s get a`;
      const answers = endpoints(scheme).map((url) => scenario.cluster.exec(podName(0), 'sh', '-c', get, 'sh', url));
      return (await Promise.all(answers)).map(({ ok }) => ok);
    };
    const PAGE = 'docs/tls.md';
    const read = (block: string): Promise<string> => runBlock(PAGE, block, space.kubectl.namespace, '.');
    const everyMember = (value: boolean) => scenario.cluster.podNames.map(() => value);
    const expectQuick = (seen: { stats: { netGapMs: number } }) =>
      expect(seen.stats.netGapMs).toBeLessThan(GAP_SLACK * LIMITS.tls.gap);

    space.case('the first commit: both, then TLS only, under writes of both clients', async () => {
      const before = await scenario.cluster.list();
      const plain = await write('plain', 'http');
      const bothMillis = await commit(own({ allowPlainHttp: true }));
      const first = await scenario.finish('TLS: first commit, plain client', plain, bothMillis);
      expectUnnoticed(first);
      expectQuick(first);
      expect(await withoutCertificate('http')).toEqual(everyMember(true));
      expect(await withoutCertificate('https')).toEqual(everyMember(false));
      expect([...blocksOf(PAGE).keys()]).toEqual([
        'inside a pod',
        'wait for the rollout',
        'see the URLs',
        'what is wrong',
      ]);
      expect(await read('wait for the rollout')).toContain('complete');

      await clientHas('tls.crt');
      const secured = await write('secured', 'https');
      const last = await write('last', 'http');
      const onlyMillis = await commit(own());
      const second = await scenario.finish('TLS: second commit, TLS client', secured, onlyMillis);
      const ended = await last.stop(); // it cannot read what it wrote any more
      expectUnnoticed(second);
      expectQuick(second);
      // The plain client is served until the last member restarts.
      const [lowest] = await scenario.cluster.pods();
      const startedAt = Date.parse(lowest?.status.startTime as string);
      expect(ended.failed).toBeGreaterThan(0);
      expect(Date.parse(ended.errors[0]?.due ?? '')).toBeGreaterThan(startedAt - 5000);

      await scenario.cluster.kubectl.until('HTTPS among members', PATIENCE, async () =>
        (await schemes()).every((scheme) => scheme === 'https:'),
      );
      expect(await withoutCertificate('http')).toEqual(everyMember(false));
      expect(await withoutCertificate('https')).toEqual(everyMember(false));
      expect(await read('inside a pod')).toContain('started, etcd-0');
      expect(await read('see the URLs')).toContain('https://etcd-0.');
      expect(await read('what is wrong')).not.toContain('x509');
      const after = await scenario.cluster.list();
      expect(after.members.map(({ id }) => id)).toEqual(before.members.map(({ id }) => id));
    });

    space.case('certificates that are renewed again and again', async () => {
      const restarts = await scenario.cluster.restarts();
      const run = await write('renewed', 'https');
      const millis = await timed(async () => {
        for (let k = 0; k < RENEWALS; k++) {
          for (const name of LEAVES) await renew(name);
          await sleep(60_000);
        }
      });
      const seen = await scenario.finish(`TLS: certificates renewed ${RENEWALS} times`, run, millis);
      expectUnnoticed(seen);
      expect(await scenario.cluster.restarts()).toBe(restarts);
      for (const pod of scenario.cluster.podNames)
        expect(await scenario.cluster.logs(pod)).not.toContain(' restarting etcd: a CA has changed');
      await scenario.cluster.whole();
    });

    space.case('a pod of an attacker that answers in the name of a member', async () => {
      const { cluster } = scenario;
      const before = await cluster.list();
      const run = await write('attacked', 'https');
      const attacker = 'attacker';
      await cluster.kubectl.apply(Yaml.stringify(pretender(attacker, await cluster.pod(podName(1)))));
      await cluster.kubectl.do(['wait', `pod/${attacker}`, '--for=condition=Ready', '--timeout=60s']);
      // Members that start ask all others, and the Service of etcd-1 leads to two pods.
      const replaced = await cluster.pod(podName(2));
      await cluster.deletePod(podName(2));
      await cluster.kubectl.until('etcd-2', PATIENCE, async () => {
        const pod = await cluster.pod(podName(2));
        return pod.metadata.uid !== replaced.metadata.uid && isReady(pod);
      });
      await sleep(60_000);
      const asked = await cluster.kubectl.do(['logs', attacker]);
      await cluster.kubectl.do(['delete', 'pod', attacker, '--force']);
      const seen = await scenario.finish('TLS: a pod of an attacker', run);
      expect(asked).toContain('answered');
      expect(seen.verdict.lost).toBe(0);
      await cluster.whole();
      expect(await cluster.list()).toEqual(before);
      for (const pod of cluster.podNames) {
        const lines = (await cluster.logs(pod)).match(/ ignoring an answer in the name of etcd-1: /g) ?? [];
        expect(lines.length).toBeLessThanOrEqual(5); // once a minute
      }
    });

    /** What `cmctl renew` does. */
    async function renew(name: string): Promise<void> {
      const path = ['certificate', name, '--output=jsonpath={.status.revision}'];
      const revision = await scenario.cluster.kubectl.do(['get', ...path]);
      const condition = {
        type: 'Issuing',
        status: 'True',
        reason: 'ManuallyTriggered',
        lastTransitionTime: new Date(),
      };
      const patch = JSON.stringify([{ op: 'add', path: '/status/conditions/-', value: condition }]);
      await scenario.cluster.kubectl.do([
        'patch',
        'certificate',
        name,
        '--subresource=status',
        '--type=json',
        `--patch=${patch}`,
      ]);
      await scenario.cluster.kubectl.until(`${name} to be issued again`, PATIENCE, async () => {
        return (await scenario.cluster.kubectl.do(['get', ...path])) !== revision;
      });
    }

    space.case('another CA, by way of a bundle', async () => {
      await scenario.cluster.kubectl.apply(Yaml.stringify(...nextCa(scenario.cluster.kubectl.namespace)));
      await scenario.cluster.kubectl.do(['wait', `certificate/${NEXT}`, '--for=condition=Ready', '--timeout=60s']);
      await clientHas(`ca/${NEXT}.crt`);
      const run = await write('bundle', 'https');
      const bundle = await commit(own({ additionalCas: [{ name: NEXT }] }));
      const old = ['etcd-ca', 'etcd-ca-peer'].map((name) => ({ name }));
      const issued = await commit({ tls: EtcdTls.fromIssuer(EtcdIssuer.issuer(NEXT), { additionalCas: old }) });
      await sleep(90_000); // until every kubelet has refreshed the Secrets
      await scenario.cluster.whole();
      const seen = await scenario.finish('TLS: another CA, two commits', run, bundle + issued);
      expectUnnoticed(seen);
      expectQuick(seen);
      const settled = await write('next', 'https');
      const done = await commit({ tls: EtcdTls.fromIssuer(EtcdIssuer.issuer(NEXT)) });
      expectUnnoticed(await scenario.finish('TLS: the old CA taken away', settled, done));
    });

    space.case('back again, by reverting the commits', async () => {
      const secured = await write('secured', 'https');
      const bothMillis = await commit({ tls: EtcdTls.fromIssuer(EtcdIssuer.issuer(NEXT), { allowPlainHttp: true }) });
      const first = await scenario.finish('TLS: second commit reverted, TLS client', secured, bothMillis);
      expectUnnoticed(first);
      expectQuick(first);
      await scenario.cluster.kubectl.until('HTTP among members', PATIENCE, async () =>
        (await schemes()).every((scheme) => scheme === 'http:'),
      );
      const plain = await write('plain', 'http');
      const offMillis = await commit({ tls: undefined });
      const second = await scenario.finish('TLS: first commit reverted, plain client', plain, offMillis);
      expectUnnoticed(second);
      expectQuick(second);
      await scenario.cluster.agreed();
    });

    space.case('without the step between, one pod refuses and the others serve', async () => {
      const run = await write('skipped', 'http');
      await scenario.cluster.apply(own());
      await scenario.cluster.kubectl.until('a member that refuses', PATIENCE, async () =>
        (await scenario.cluster.phase(podName(2))).startsWith('refusing '),
      );
      expect(await scenario.cluster.phase(podName(2))).toMatch(
        / answers without the key of this cluster, and this member would serve TLS only/,
      );
      await scenario.cluster.apply({ tls: undefined });
      await scenario.cluster.whole();
      const seen = await scenario.finish('TLS: step between left out, then reverted', run);
      expectUnnoticed(seen);
    });
  });
}

/** A CA in the Secret `next`, and an Issuer of it. */
function nextCa(namespace: string): object[] {
  const apiVersion = 'cert-manager.io/v1';
  const metadata = (name: string) => ({ name, namespace });
  const issuerRef = { name: 'next-self-signed', kind: 'Issuer' };
  return [
    { apiVersion, kind: 'Issuer', metadata: metadata(issuerRef.name), spec: { selfSigned: {} } },
    {
      apiVersion,
      kind: 'Certificate',
      metadata: metadata(NEXT),
      spec: { isCA: true, commonName: NEXT, secretName: NEXT, privateKey: { algorithm: 'ECDSA' }, issuerRef },
    },
    { apiVersion, kind: 'Issuer', metadata: metadata(NEXT), spec: { ca: { secretName: NEXT } } },
  ];
}

/** A pod behind the Service of a member, which says that this member has no data, in a cluster of one. */
function pretender(name: string, { metadata, spec }: Live): object {
  const host = `${metadata.name}.etcd-headless.${metadata.namespace}.svc.cluster.local`;
  const answer = ['fresh 1', host, '-'].join(' ');
  const program = [
    '#!/bin/sh',
    'echo "answered $QUERY_STRING" >/proc/1/fd/1',
    `printf 'Content-Type: text/plain\\r\\n\\r\\n${answer}\\nprotocol 2\\ndisk 0-0\\n'`,
  ];
  const start = [
    'mkdir -p /tmp/www/cgi-bin',
    `cat >/tmp/www/cgi-bin/hello <<'EOF'\n${program.join('\n')}\nEOF`,
    'chmod +x /tmp/www/cgi-bin/hello',
    'exec busybox httpd -f -p 2382 -h /tmp/www',
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: metadata.labels },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image: spec.initContainers[0].image,
          command: ['sh', '-c', start.join('\n')],
          ports: [{ name: 'phase', containerPort: 2382 }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}
