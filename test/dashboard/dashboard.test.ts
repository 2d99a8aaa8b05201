import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdSnapshotStore, type EtcdClusterProps } from '../../src';
import { readableJson } from '../../src/dashboard/json';
import type { Dashboard, GridPos } from '../../src/dashboard/model';
import { panelsOf, queriesOf } from '../support/dashboard';
import { describePromtool, PROMTOOL } from '../support/promtool';
import { toYaml } from '../support/synth';
import { dashboardOf, panelOf, parsed, written } from '../support/written-dashboard';

const store = EtcdSnapshotStore.existingClaim('claim');

const DASHBOARD = dashboardOf();
/** With every panel that a cluster may have. */
const FULL = dashboardOf({ extraArgs: ['--metrics=extensive'] });

describe('the ConfigMap', () => {
  test('has the label that Grafana’s sidecar looks for', () => {
    const { metadata, data } = written();
    expect(metadata.namespace).toBe('etcd-cluster');
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1', 'app.kubernetes.io/instance': 'etcd' });
    expect(Object.keys(data as object)).toEqual(['etcd-cluster.etcd.json']);
  });

  test('is readable, and small enough for kubectl apply', () => {
    const yaml = toYaml([written()]);
    expect(yaml).toContain('etcd-cluster.etcd.json: |\n    {\n      "uid": "etcd-');
    expect(yaml.length).toBeLessThan(200_000);
    expect(Yaml.stringify(written())).toBe(yaml);
  });

  test('has no text that Flux would replace', () => {
    expect(toYaml([written()])).not.toContain('${');
    expect(written().metadata).toMatchObject({
      annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
    });
  });

  test('has the PodMonitor’s namespace, or its own', () => {
    expect(written({ namespace: 'monitoring' }).metadata.namespace).toBe('monitoring');
    expect(written({ namespace: 'monitoring', dashboard: { namespace: 'grafana' } }).metadata.namespace).toBe(
      'grafana',
    );
  });

  test('can be switched off, without a change to dashboardJson', () => {
    const texts = [true, false].map((enabled) => {
      const cluster = new EtcdCluster(new Chart(Testing.app(), 'test'), 'Etcd', { name: 'etcd', namespace: 'ns' });
      const monitoring = cluster.addMonitoring({ dashboard: { enabled } });
      expect(monitoring.dashboard !== undefined).toBe(enabled);
      if (enabled) expect(monitoring.dashboard?.toJson().data['ns.etcd.json']).toBe(monitoring.dashboardJson);
      return monitoring.dashboardJson;
    });
    expect(texts[0]).toBe(texts[1]);
  });

  test('has the same text as the file to import', () => {
    const guide = written({}, {}, (c) => {
      c.addSnapshots({ store });
      c.addDefrag();
    });
    expect(Object.values(guide.data as object)[0]).toMatchGolden('../../docs/dashboard-etcd.json');
  });
});

describe('the dashboard', () => {
  test('has an ID for each cluster that does not depend on the title', () => {
    const uids = [
      DASHBOARD,
      dashboardOf({ name: 'etcd-recover' }),
      dashboardOf({ namespace: 'other' }),
      dashboardOf({ namespace: 'etcd', name: 'cluster-etcd' }),
    ].map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(4);
    for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{9,40}$/);
    const [text] = Object.values(written({ dashboard: { title: 'Another' } }).data as { [file: string]: string });
    expect(JSON.parse(text ?? '')).toMatchObject({ uid: DASHBOARD.uid, title: 'Another' });
    expect(uids[0]).toBe('etcd-2e39f8cb2571147e'); // links depend on it
  });

  test('has every row', () => {
    const rows = DASHBOARD.panels.filter((p) => p.type === 'row').map((p) => p.title);
    expect(rows).toEqual([
      'Overview',
      'Requests',
      'Disk',
      'Raft and peers',
      'Storage',
      'Jobs',
      'Resources',
      'Keys and watches',
    ]);
  });

  test('has panels with a title of their own, a unit and a query', () => {
    const titles = panelsOf(FULL).map((panel) => panel.title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const { title, targets, fieldConfig, type, description } of panelsOf(FULL)) {
      expect(title).toMatch(/^[A-Z][^\n]{2,59}$/);
      expect(description ?? 'Obvious.').toMatch(/[.]$/);
      expect(fieldConfig.defaults.unit).toMatch(/^(none|short|bytes|s|ops|reqps|Bps|percent|percentunit)$/);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(['timeseries', 'stat', 'table']).toContain(type); // none of these is an Angular panel
    }
  });

  test('describes all panels except those that need no description', () => {
    const silent = panelsOf(FULL).filter(({ description }) => description === undefined);
    expect(silent.map(({ title }) => title)).toEqual([
      'Leader',
      'Members',
      'Client traffic',
      'Failed health checks',
      'WAL writes',
      'Peer traffic',
      'Keys',
    ]);
  });

  test('says why a panel is empty', () => {
    for (const { title, fieldConfig } of panelsOf(FULL))
      expect(`${title}: ${fieldConfig.defaults.noValue ?? ''}`).toMatch(/: (no|none)\b/);
    const emptyOf = (dashboard: Dashboard) => panelOf(dashboard, 'Last snapshot')?.fieldConfig.defaults.noValue;
    expect(emptyOf(DASHBOARD)).toBe('no snapshot job');
    expect(emptyOf(parsed(written({}, {}, (c) => c.addSnapshots({ store }))))).toBe('none, or no kube-state-metrics');
  });

  test('says what each line is', () => {
    for (const { title, type, description = '', fieldConfig } of panelsOf(FULL)) {
      const steps = type === 'timeseries' ? (fieldConfig.defaults.thresholds?.steps.slice(1) ?? []) : [];
      const values = steps.map(({ value }) => value ?? 0);
      expect([title, ...values]).toEqual([title, ...[...values].sort((a, b) => a - b)]);
      for (const { color } of steps) expect(description).toContain(color === 'red' ? 'Red line: ' : 'Orange line: ');
    }
  });

  test('gives each panel its own ID and place', () => {
    const ids = FULL.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of FULL.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (const cell of cellsOf(gridPos)) {
        expect(`${title}: ${String(taken.has(cell))}`).toBe(`${title}: false`);
        taken.add(cell);
      }
    }
  });

  test('selects this cluster’s namespace and members, and uses only known variables', () => {
    for (const { where, expr } of queriesOf(FULL)) {
      expect(`${where}: ${String(expr.includes('$'))}`).toBe(`${where}: false`);
      for (const [selector] of expr.matchAll(/\{[^}]*\}/g)) expect(selector).toContain('namespace="etcd-cluster"');
      const metrics = expr.match(/\b(etcd|grpc_server|process|go)_[a-z_]+\b(?=\{)/g) ?? [];
      expect(expr.split('pod=~"etcd-[0-9]+"').length - 1).toBe(metrics.length);
    }
  });

  test('selects members by a pattern that matches no other pod', () => {
    const pods = new RegExp(`^(?:${FULL.templating.list.find(({ name }) => name === 'pod')?.allValue ?? ''})$`);
    expect(['etcd-0', 'etcd-12'].every((pod) => pods.test(pod))).toBe(true);
    expect(['etcd-recover-0', 'etcd-snapshotter-29384-x7', 'etcd-', 'my-etcd-0'].some((pod) => pods.test(pod))).toBe(
      false,
    );
  });

  test('shows clients’ latency where etcd measures it, and peers where there are some', () => {
    const titles = (props: Partial<EtcdClusterProps>) => panelsOf(dashboardOf(props)).map(({ title }) => title);
    const latency = 'Latency, 99th percentile';
    expect(titles({})).not.toContain(latency);
    expect(titles({ extraArgs: ['--metrics=extensive'] })).toContain(latency);
    expect(titles({ extraEnv: [{ name: 'ETCD_METRICS', value: 'extensive' }] })).toContain(latency);
    expect(titles({ extraEnv: [{ name: 'ETCD_METRICS', value: 'basic' }] })).not.toContain(latency);
    expect(titles({ replicas: 1 })).not.toContain('Peer traffic');
    expect(titles({ replicas: 3 })).toContain('Peer traffic');
  });

  test('knows how many members are expected, and their limits', () => {
    const stepsOf = (replicas: number) =>
      panelsOf(dashboardOf({ replicas }))[0]?.fieldConfig.defaults.thresholds?.steps.map(({ value }) => value);
    expect(stepsOf(5)).toEqual([null, 3, 5]);
    expect(stepsOf(1)).toEqual([null, 1]);
    const memory = panelsOf(dashboardOf({ resources: { memory: '4Gi' } })).find(({ title }) => title === 'Memory');
    expect(memory?.fieldConfig.defaults.thresholds?.steps).toContainEqual({ color: 'red', value: 4 * 1024 ** 3 });
    const cpu = panelOf(dashboardOf({ resources: { cpuLimit: '1500m' } }), 'CPU');
    expect(cpu?.fieldConfig.defaults.thresholds?.steps).toContainEqual({ color: 'red', value: 1.5 });
  });
});

function* cellsOf({ x, y, w, h }: GridPos): Generator<string> {
  for (let i = x; i < x + w; i++) for (let j = y; j < y + h; j++) yield `${i},${j}`;
}

describePromtool('the dashboard', 'promtool', () => {
  test('every query is PromQL', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-'));
    try {
      const rules = queriesOf(FULL).map(({ expr }, i) => ({ record: `query:${i}`, expr }));
      const file = join(folder, 'rules.yaml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
      const said = execFileSync(PROMTOOL, ['check', 'rules', file], { encoding: 'utf8' });
      expect(said).toContain(`SUCCESS: ${rules.length} rules found`);
      expect(rules.length).toBeGreaterThan(60);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.each([{}, [], { a: {}, b: [1, 'x', null], c: 'x'.repeat(150) }, FULL])('JSON for people is JSON: %#', (value) => {
  expect(JSON.parse(readableJson(value))).toEqual(value);
});
