import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EtcdDefragMethod,
  EtcdKeyRange,
  EtcdPermission,
  EtcdRoot,
  EtcdServiceType,
  EtcdSnapshotStore,
  type EtcdAuthOptions,
  type EtcdCluster,
  type EtcdClusterProps,
} from '../../src';
import { loadScripts, type ScriptSets } from '../../src/scripts';
import { find, synthCluster } from '../support/synth';
import { ALL_ALERTS, ALL_DEFRAG, ALL_MONITORING, ALL_PROPS, ALL_RESTORE_DRILL, ALL_SNAPSHOTS } from './everything';

jest.mock('../../src/scripts', () => ({ loadScripts: jest.fn(jest.requireActual('../../src/scripts').loadScripts) }));

/** The output with other scripts. */
function withScripts<T>(change: (sets: ScriptSets) => ScriptSets, act: () => T): T {
  jest.mocked(loadScripts).mockReturnValue(change(loadScripts()));
  try {
    return act();
  } finally {
    jest.mocked(loadScripts).mockReset();
    jest.mocked(loadScripts).mockImplementation(jest.requireActual('../../src/scripts').loadScripts);
  }
}

/** The exact StatefulSet: any change of it restarts the members. */
function statefulSet(props: Partial<EtcdClusterProps> = {}, more: (cluster: EtcdCluster) => void = withJobs): string {
  return JSON.stringify(find(synthCluster(props, more), 'StatefulSet', 'etcd'));
}

function withJobs(cluster: EtcdCluster): void {
  cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') }).addRestoreDrill();
  cluster.addDefrag();
  cluster.addMonitoring();
}

function template(props: Partial<EtcdClusterProps>): string {
  return JSON.stringify(find(synthCluster(props, withJobs), 'StatefulSet', 'etcd').spec.template);
}

/** Props that change an immutable object, or that need another prop. */
const FIXED = ['name', 'namespace', 'selector', 'storage', 'extraVolumeClaimTemplates'];
const BESIDE: { readonly [key: string]: Partial<EtcdClusterProps> } = {
  extraVolumeMounts: { extraVolumes: ALL_PROPS.extraVolumes },
  onTotalLoss: { existingCluster: true },
  upgradeFrom: { image: ALL_PROPS.image },
  antiAffinityTopologyKey: { antiAffinity: ALL_PROPS.antiAffinity },
};

/** Props in the rows of the table "What restarts members" with this second column. */
function documented(effect: string): string[] {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'upgrade-library.md'), 'utf8');
  const section = /## What restarts members\n([^]*)$/.exec(page)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.endsWith(`| ${effect} |`));
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
}

describe('what restarts members', () => {
  const props = Object.keys(ALL_PROPS).filter((key) => !FIXED.includes(key)) as (keyof EtcdClusterProps)[];
  const restarts = props.filter((key) => {
    const beside = BESIDE[key] ?? {};
    return template({ ...beside, [key]: ALL_PROPS[key] }) !== template(beside);
  });

  test('the table in docs/upgrade-library.md has every prop that changes the pod template', () => {
    expect(documented('one after another').sort()).toEqual([...restarts].sort());
  });

  test('and every prop that does not', () => {
    const others = props.filter((key) => !restarts.includes(key));
    expect(documented('none').sort()).toEqual([...others].sort());
  });
});

describe('what does not change a byte of the StatefulSet', () => {
  const before = statefulSet();

  const { member, job } = loadScripts();

  test.each(Object.keys(job).filter((file) => !(file in member)))('a change to the job script %s', (file) => {
    const edited = { ...job, [file]: `${job[file] ?? ''}# edited\n` };
    withScripts(
      () => ({ member, job: edited }),
      () => {
        expect(statefulSet()).toBe(before);
        expect(find(synthCluster({}, withJobs), 'ConfigMap', 'etcd-job-scripts').data).toEqual(edited);
      },
    );
  });

  test.each(Object.keys(member))('but not a change to the member script %s', (file) => {
    const edited = { ...member, [file]: `${member[file] ?? ''}# edited\n` };
    withScripts(
      () => ({ member: edited, job }),
      () => expect(statefulSet()).not.toBe(before),
    );
  });

  test.each<[string, Partial<EtcdClusterProps>]>([
    ['the client Service', { clientService: { type: EtcdServiceType.LOAD_BALANCER, labels: { a: 'b' } } }],
    ['no client Service', { clientService: { enabled: false } }],
    ['Services of members', { memberServices: { labels: { a: 'b' } } }],
    ['access from outside without URLs', { externalAccess: { type: EtcdServiceType.NODE_PORT } }],
    ['the headless Service', { headlessService: { annotations: { a: 'b' } } }],
    ['the PodDisruptionBudget', { podDisruptionBudget: { maxUnavailable: 2 } }],
    ['no PodDisruptionBudget', { podDisruptionBudget: { enabled: false } }],
    ['the NetworkPolicy', { networkPolicy: { clients: [{ cidr: '10.0.0.0/8' }] } }],
    ['no NetworkPolicy', { networkPolicy: { enabled: false } }],
  ])('%s', (_name, props) => {
    expect(statefulSet(props)).toBe(before);
  });

  test.each<[string, (cluster: EtcdCluster) => void]>([
    ['no jobs, no alerts, no dashboard', () => undefined],
    [
      'every option of snapshots and of the drill',
      (c) => c.addSnapshots(ALL_SNAPSHOTS).addRestoreDrill(ALL_RESTORE_DRILL),
    ],
    ['every option of defragmentation', (c) => c.addDefrag(ALL_DEFRAG)],
    ['defragmentation by another method', (c) => c.addDefrag({ method: EtcdDefragMethod.ONLINE })],
    ['every option of the alerts', (c) => c.addMonitoring({ alerts: ALL_ALERTS })],
    ['every option of the dashboard', (c) => c.addMonitoring({ dashboard: ALL_MONITORING.dashboard })],
  ])('%s', (_name, more) => {
    expect(statefulSet({}, more)).toBe(before);
  });
});

test('users, roles and whether they are checked restart no member', () => {
  const root = EtcdRoot.password({ name: 'root' });
  const written = (auth: EtcdAuthOptions): unknown =>
    find(synthCluster({ auth: { passwordSecret: 'users', ...auth } }), 'StatefulSet', 'etcd');
  const app = { name: 'app', roles: ['app'] };
  const before = written({ root, users: [app], roles: [{ name: 'app' }] });
  const permissions = [EtcdPermission.read(EtcdKeyRange.all())];
  const users = [{ ...app, passwordKey: 'other' }, { name: 'web' }];
  expect(written({ root, enabled: false, users, roles: [{ name: 'app', permissions }, { name: 'more' }] })).toEqual(
    before,
  );
  expect(written({ root: EtcdRoot.password({ name: 'other' }), users: [{ name: 'a' }] })).not.toEqual(before);
});
