import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Duration, Testing, Yaml } from 'cdk8s';
import { EtcdCluster, EtcdSnapshotStore, type EtcdClusterProps, type EtcdMonitoringOptions } from '../../src';
import { readableJson } from '../../src/dashboard/json';
import type { Dashboard, GridPos } from '../../src/dashboard/model';
import { panelsOf, queriesOf } from '../support/dashboard';
import { describePromtool, PROMTOOL } from '../support/promtool';
import { find, synthCluster, toYaml, type Written } from '../support/synth';

/** @param more adds jobs, after the monitoring */
function written(
  options: EtcdMonitoringOptions = {},
  props: Partial<EtcdClusterProps> = {},
  more: (cluster: EtcdCluster) => void = () => undefined,
): Written {
  return find(
    synthCluster(props, (c) => {
      c.addMonitoring(options);
      more(c);
    }),
    'ConfigMap',
    `${props.name ?? 'etcd'}-dashboard`,
  );
}

function parsed(configMap: Written): Dashboard {
  const [text] = Object.values(configMap.data as { [file: string]: string });
  return JSON.parse(text ?? '') as Dashboard;
}

function dashboardOf(props: Partial<EtcdClusterProps> = {}): Dashboard {
  return parsed(written({}, props));
}

function panelOf(dashboard: Dashboard, title: string) {
  return panelsOf(dashboard).find((panel) => panel.title === title);
}

const store = EtcdSnapshotStore.existingClaim('claim');

const DASHBOARD = dashboardOf();
/** With every panel that a cluster may have. */
const FULL = dashboardOf({ extraArgs: ['--metrics=extensive'] });

describe('the ConfigMap', () => {
  test('is what Grafana’s sidecar looks for', () => {
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

  test('has nothing that Flux would rewrite', () => {
    expect(toYaml([written()])).not.toContain('${');
    expect(written().metadata).toMatchObject({
      annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
    });
  });

  test('lies beside the PodMonitor, or in a namespace of its own', () => {
    expect(written({ namespace: 'monitoring' }).metadata.namespace).toBe('monitoring');
    expect(written({ namespace: 'monitoring', dashboard: { namespace: 'grafana' } }).metadata.namespace).toBe(
      'grafana',
    );
  });

  test('can be switched off; the text is there all the same, and is the same', () => {
    const texts = [true, false].map((enabled) => {
      const cluster = new EtcdCluster(new Chart(Testing.app(), 'test'), 'Etcd', { name: 'etcd', namespace: 'ns' });
      const monitoring = cluster.addMonitoring({ dashboard: { enabled } });
      expect(monitoring.dashboard !== undefined).toBe(enabled);
      if (enabled) expect(monitoring.dashboard?.toJson().data['ns.etcd.json']).toBe(monitoring.dashboardJson);
      return monitoring.dashboardJson;
    });
    expect(texts[0]).toBe(texts[1]);
  });

  test('and the file to import are one text', () => {
    const guide = written({}, {}, (c) => {
      c.addSnapshots({ store });
      c.addDefrag();
    });
    expect(Object.values(guide.data as object)[0]).toMatchGolden('../../docs/dashboard-etcd.json');
  });
});

describe('the dashboard', () => {
  test('has an id of its own for each cluster, whatever its title', () => {
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
    expect(uids[0]).toBe('etcd-2e39f8cb2571147e'); // links to it live as long as it does
  });

  test('has every row', () => {
    const rows = DASHBOARD.panels.filter((p) => p.type === 'row').map((p) => p.title);
    expect(rows).toEqual([
      'Overview',
      'Requests',
      'Raft and peers',
      'Disk',
      'Storage',
      'Keys and watches',
      'Resources',
      'Jobs',
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

  test('explains all panels but those whose title and unit say it', () => {
    const silent = panelsOf(FULL).filter(({ description }) => description === undefined);
    expect(silent.map(({ title }) => title)).toEqual([
      'Leader',
      'Members',
      'Client traffic',
      'Failed health checks',
      'Peer traffic',
      'WAL writes',
      'Keys',
    ]);
  });

  test('has numbers and places that nothing shares', () => {
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

  test('asks for this cluster’s namespace and members, and no variables but the known', () => {
    for (const { where, expr } of queriesOf(FULL)) {
      expect(`${where}: ${String(expr.includes('$'))}`).toBe(`${where}: false`);
      for (const [selector] of expr.matchAll(/\{[^}]*\}/g)) expect(selector).toContain('namespace="etcd-cluster"');
      const metrics = expr.match(/\b(etcd|grpc_server|process|go)_[a-z_]+\b(?=\{)/g) ?? [];
      expect(expr.split('pod=~"etcd-[0-9]+"').length - 1).toBe(metrics.length);
    }
  });

  test('names members by a pattern that fits no other pod', () => {
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

  test('knows how many members are meant, and what they may use', () => {
    const stepsOf = (replicas: number) =>
      panelsOf(dashboardOf({ replicas }))[0]?.fieldConfig.defaults.thresholds?.steps.map(({ value }) => value);
    expect(stepsOf(5)).toEqual([null, 3, 5]);
    expect(stepsOf(1)).toEqual([null, 1]);
    const memory = panelsOf(dashboardOf({ resources: { memory: '4Gi' } })).find(({ title }) => title === 'Memory');
    expect(memory?.fieldConfig.defaults.thresholds?.steps).toContainEqual({ color: 'red', value: 4 * 1024 ** 3 });
  });
});

describe('what the alerts know', () => {
  test('series have the labels that tell Kubernetes clusters apart', () => {
    const labelled = parsed(written({ alerts: { seriesLabels: { cluster: 'a "b" }c' } } }));
    const matcher = 'cluster="a \\"b\\" }c"';
    const selectors = (expr: string): number => (expr.match(/namespace="etcd-cluster"/g) ?? []).length;
    for (const { expr } of queriesOf(labelled)) {
      expect(selectors(expr)).toBeGreaterThan(0);
      expect(expr.split(matcher).length - 1).toBe(selectors(expr));
    }
    expect(labelled.templating.list.find(({ name }) => name === 'pod')?.query).toContain(matcher);
    expect(JSON.stringify(DASHBOARD)).not.toContain('cluster=');
  });

  test('a success is old when the alerts say so, whether jobs are added before or after', () => {
    const options = { alerts: { drillMaximumAge: Duration.days(3) } };
    const panel = panelOf(
      parsed(
        written(options, {}, (c) => {
          c.addSnapshots({ store }).addRestoreDrill();
          c.addDefrag({ suspend: true });
        }),
      ),
      'Time since the last success',
    );
    const steps = (color: string, value: number) => ({
      mode: 'absolute',
      steps: [
        { color: 'green', value: null },
        { color, value },
      ],
    });
    expect(panel?.fieldConfig.overrides).toEqual([
      {
        matcher: { id: 'byName', options: 'etcd-snapshotter' },
        properties: [{ id: 'thresholds', value: steps('red', 3600) }],
      },
      {
        matcher: { id: 'byName', options: 'etcd-drill' },
        properties: [{ id: 'thresholds', value: steps('orange', 3 * 86_400) }],
      },
    ]);
    expect(panel?.fieldConfig.defaults.thresholds?.steps).toEqual([{ color: 'green', value: null }]);
  });

  test('the quota has the alerts’ thresholds', () => {
    const own = parsed(written({ alerts: { quotaWarningPercent: 61, quotaCriticalPercent: 72 } }));
    const values = (dashboard: Dashboard, title: string) =>
      panelOf(dashboard, title)?.fieldConfig.defaults.thresholds?.steps.map(({ value }) => value);
    expect(values(own, 'Quota used')).toEqual([null, 61, 72]);
    expect(values(own, 'Quota used, by member')).toEqual([null, 72]);
    expect(values(DASHBOARD, 'Quota used')).toEqual([null, 80, 95]);
  });

  test('requests fail by the codes that the alert counts', () => {
    const objects = synthCluster({}, (c) => c.addMonitoring());
    const rules = JSON.stringify(find(objects, 'PrometheusRule', 'etcd').spec).replaceAll('\\', '');
    const [, codes = 'none'] =
      /grpc_code=~("[^"]+")/.exec(panelOf(DASHBOARD, 'Failed requests')?.targets[0]?.expr ?? '') ?? [];
    expect(rules).toContain(`grpc_code=~${codes}`);
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
