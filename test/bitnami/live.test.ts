import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster } from '../../src';
import { cli, FROM, guide, type Said } from './command';
import { rendered } from './support';

describe('startFromSnapshot: a cluster that has data restores nothing', () => {
  const values = guide('etcd-restore');
  const [set] = rendered('guide-etcd-restore').filter((o) => o.kind === 'StatefulSet');

  test('without a hint that it has data, the report warns', () => {
    const { status, out, err } = cli(FROM, { 'v.yaml': values });
    expect(status).toBe(0);
    expect(out).toContain('restoreFrom: ');
    expect(out).not.toContain('existingCluster');
    expect(err.replace(/\n {6}/g, ' ')).toMatch(/Dangers.*is imported for a cluster without data.*What changes/s);
  });

  test('--new says that there is no data', () => {
    const { out, err } = cli([...FROM, '--new'], { 'v.yaml': values });
    expect(out).toContain('restoreFrom: ');
    expect(err).not.toContain('is taken for a cluster');
  });

  test('--live wins', () => {
    const files = { 'v.yaml': values, 'live.yaml': Yaml.stringify(set) };
    const args = ['from-bitnami', 'v.yaml', '--release', 'etcd-recover', '--namespace', 'etcd-cluster'];
    const { status, out, err } = cli([...args, '--live', 'live.yaml'], files);
    expect(status).toBe(0);
    expect(out).toContain('existingCluster: true');
    expect(out).not.toContain('restoreFrom');
    const [, differs = '', same = ''] = /What changes(.*?)Same as before(.*)/s.exec(err) ?? [];
    expect(differs.replace(/\n {6}/g, ' ')).toMatch(
      /startFromSnapshot.enabled is left out, because the cluster is running \(--live\)/,
    );
    expect(same).not.toContain('startFromSnapshot');
  });

  test('existingCluster: true wins', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const jobs = (existingCluster?: boolean): number => {
      const chart = new Chart(Testing.app(), 'test');
      const release = { values, releaseName: 'etcd-recover', namespace: 'etcd-cluster' };
      EtcdCluster.fromBitnamiValues(chart, 'Etcd', {
        ...release,
        ...(existingCluster !== undefined && { existingCluster }),
      });
      return (Testing.synth(chart) as { kind: string }[]).filter(({ kind }) => kind === 'Job').length;
    };
    expect([jobs(), jobs(false), jobs(true)]).toEqual([1, 1, 0]);
    write.mockRestore();
  });
});

describe('--live', () => {
  const values = guide('etcd-backup');
  const [set] = rendered('guide-etcd-backup').filter((o) => o.kind === 'StatefulSet');
  /** As the API server stores it. */
  const stored = (
    change: (spec: { [key: string]: unknown }, claim: { [key: string]: unknown }) => void = () => undefined,
  ): object => {
    const copy = structuredClone(set) as unknown as { spec: { [key: string]: unknown } };
    const [claim] = copy.spec.volumeClaimTemplates as { [key: string]: { [key: string]: unknown } }[];
    if (!claim) throw new Error('no claim');
    Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
    Object.assign(claim.metadata ?? {}, { creationTimestamp: null });
    Object.assign(claim.spec ?? {}, { volumeMode: 'Filesystem', resources: { requests: { storage: '8192Mi' } } });
    Object.assign(copy.spec, {
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain' },
    });
    change(copy.spec, claim.spec ?? {});
    return { ...copy, status: { replicas: 3 } };
  };
  const ofChart = (chart: string): object => ({
    ...stored(),
    metadata: { ...set?.metadata, labels: { 'helm.sh/chart': chart } },
  });
  const live = (object: object): Said =>
    cli([...FROM, '--live', 'live.yaml'], { 'v.yaml': values, 'live.yaml': Yaml.stringify(object) });

  test('a live object of the same release is accepted, alone or in a list', () => {
    for (const object of [
      stored(),
      ofChart('etcd-11.3.4'),
      { kind: 'List', items: [{ kind: 'StatefulSet', metadata: { name: 'other' } }, stored()] },
    ]) {
      const { status, out, err } = live(object);
      expect(err).toContain('The live StatefulSet is the same in all immutable fields.');
      expect(out).toContain('new EtcdCluster');
      expect(status).toBe(0);
    }
  });

  test.each([
    ['spec.serviceName', (spec: { [key: string]: unknown }) => (spec.serviceName = 'etcd')],
    ['spec.selector', (spec: { [key: string]: unknown }) => (spec.selector = { matchLabels: { app: 'etcd' } })],
    ['spec.podManagementPolicy', (spec: { [key: string]: unknown }) => (spec.podManagementPolicy = 'OrderedReady')],
    [
      'spec.volumeClaimTemplates[0]',
      (_spec: unknown, claim: { [key: string]: unknown }) => (claim.resources = { requests: { storage: '20Gi' } }),
    ],
    [
      'spec.volumeClaimTemplates[0]',
      (_spec: unknown, claim: { [key: string]: unknown }) => (claim.storageClassName = 'fast'),
    ],
  ])('%s differs: no code, both values, status 1', (field, change) => {
    const { status, out, err } = live(stored(change));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('Kubernetes would refuse the import');
    expect(err).toContain(`  ${field}\n      live:   `);
  });

  /** A change to the pod template, as of another cluster: variables, image, users. */
  interface Pod {
    containers: { image: string; env: object[]; securityContext: object }[];
    securityContext: object;
  }
  const pod = (change: (etcd: Pod['containers'][number], spec: Pod) => void): object =>
    stored((spec) => {
      const { template } = spec as { template: { spec: Pod } };
      const [etcd] = template.spec.containers;
      if (etcd) change(etcd, template.spec);
    });
  const env = (name: string, value: string): object => pod((etcd) => etcd.env.push({ name, value }));
  const MEMBER = '$(MY_POD_NAME).etcd-headless.etcd-cluster.svc.cluster.local';

  test.each([
    ['spec.replicas', stored((spec) => (spec.replicas = 5)), /live: 5 import: 3 .*set replicaCount to 5/],
    ['peer URLs', env('ETCD_INITIAL_ADVERTISE_PEER_URLS', `https://${MEMBER}:2380`), /uses plain HTTP/],
    [
      'peer URLs',
      env('ETCD_INITIAL_ADVERTISE_PEER_URLS', 'http://$(MY_POD_NAME).b.c:2380'),
      /would not find each other: .*--release and --namespace/,
    ],
    ['client URLs', env('ETCD_ADVERTISE_CLIENT_URLS', `https://${MEMBER}:2379`), /plain HTTP/],
    ['data directory on the claim', env('ETCD_DATA_DIR', '/bitnami/etcd/other'), /other import: data members/],
    ['data directory on the claim', env('ETCD_DATA_DIR', '/bitnami/etcd/deep/data'), /deep\/data import/],
    ['etcd version', pod((etcd) => (etcd.image = 'bitnami/etcd:3.6.4-debian-12-r0')), /set image.tag to 3\.6\.4/],
    ['users', env('ETCD_ROOT_PASSWORD', 'hunter2'), /with users import: without users users are part of the data/],
    ['users', env('ETCD_ROOT_PASSWORD_FILE', '/a/b'), /set auth\.rbac\.create/],
    [
      'runAsUser',
      pod((etcd) => (etcd.securityContext = { runAsUser: 7 })),
      /containerSecurityContext.runAsUser.*security: \{ user/s,
    ],
    ['fsGroup', pod((_etcd, spec) => (spec.securityContext = { fsGroup: 7 })), /podSecurityContext.fsGroup/],
  ])('another %s: refused with what to do, no code', (field, object, told) => {
    const { status, out, err } = live(object);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain('The import is refused: the live cluster would lose members, data or protection');
    expect(err).toContain(`  ${field}\n      live:   `);
    expect(err.replace(/\s+/g, ' ')).toMatch(told);
    expect(err).not.toContain('hunter2');
  });

  test.each([
    ['spec.replicas', stored((spec) => (spec.replicas = 2))],
    ['etcd version', pod((etcd) => (etcd.image = 'bitnami/etcd:3.5.20-debian-12-r0'))],
    ['etcd version', pod((etcd) => (etcd.image = `bitnami/etcd@sha256:${'a'.repeat(64)}`))],
    ['cluster token', env('ETCD_INITIAL_CLUSTER_TOKEN', 'other-token')],
    ['client URLs', env('ETCD_ADVERTISE_CLIENT_URLS', 'http://$(MY_POD_NAME).other:2379')],
    ['chart', ofChart('etcd-12.0.4')],
    ['claims', stored((spec) => (spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete' }))],
  ])('another %s: reported on standard error, and does not stop the import', (field, object) => {
    const files = { 'v.yaml': values, 'live.yaml': Yaml.stringify(object) };
    const told = new RegExp(`The live cluster differs from the file\n {2}${field}\n {6}live: {3}.*\n {6}import: `);
    for (const more of [[], ['--code'], ['--report'], ['--json'], ['--output', 'app']]) {
      const { status, err } = cli([...FROM, '--live', 'live.yaml', ...more], files);
      expect({ more, status }).toEqual({ more, status: 0 });
      expect(err).toMatch(told);
    }
  });

  test('the report says how to keep claims that Kubernetes would delete', () => {
    const { err } = live(stored((spec) => (spec.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete' })));
    expect(err.replace(/\s+/g, ' ')).toContain(
      'claims live: whenDeleted: Delete, whenScaled: Retain import: whenDeleted: Retain, whenScaled: Retain set both to Retain',
    );
  });

  test('--code prints no report when nothing differs, and the whole report when the import is refused', () => {
    const code = (object: object): Said =>
      cli([...FROM, '--live', 'live.yaml', '--code'], { 'v.yaml': values, 'live.yaml': Yaml.stringify(object) });
    expect(code(stored())).toMatchObject({ status: 0, err: '' });
    expect(code(stored((spec) => (spec.replicas = 5)))).toMatchObject({ status: 1, out: '' });
    expect(code(stored((spec) => (spec.replicas = 5))).err).toContain('The import is refused');
  });

  test.each([
    ['no YAML', 'a:\n\t- b\n', /live.yaml:2: is not valid YAML/],
    ['empty, as after a kubectl that failed', '', /live.yaml:1: is empty; expected a StatefulSet, from kubectl/],
    ['a list', '- a', /live.yaml:1: expected a StatefulSet/],
  ])('a live file that is %s: what and where', (_name, text, told) => {
    const said = cli([...FROM, '--live', 'live.yaml'], { 'v.yaml': values, 'live.yaml': text });
    expect(said).toMatchObject({ status: 2, out: '' });
    expect(said.err).toMatch(told);
  });

  test('another release or another kind is refused', () => {
    expect(live({ ...stored(), metadata: { name: 'metadata' } })).toMatchObject({ status: 2, out: '' });
    expect(live({ kind: 'Pod' }).err).toContain('expected a StatefulSet');
    expect(live({ ...stored(), metadata: { name: 'metadata' } }).err).toContain(
      'expected a StatefulSet etcd, but found only metadata',
    );
  });
});
