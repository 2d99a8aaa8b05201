import { Duration } from 'cdk8s';
import { EtcdSnapshotStore } from '../../src';
import type { Dashboard, Panel } from '../../src/dashboard/model';
import { panelsOf, queriesOf } from '../support/dashboard';
import { find, synthCluster } from '../support/synth';
import { dashboardOf, panelOf, parsed, written } from '../support/written-dashboard';

const store = EtcdSnapshotStore.existingClaim('claim');
const DASHBOARD = dashboardOf();

describe('the overview', () => {
  test('shows first whether the cluster serves, and what fires', () => {
    expect(
      panelsOf(DASHBOARD)
        .slice(0, 14)
        .map(({ title }) => title),
    ).toEqual([
      'Members with a leader',
      'Failures tolerated',
      'Leader',
      'Requests that fail',
      'Quota used',
      'Last snapshot',
      'Members up',
      'Leader changes',
      'WAL fsync, p99',
      'Entries behind',
      'Failed proposals',
      'Versions',
      'Members',
      'Firing alerts',
    ]);
    expect(DASHBOARD.links).toMatchObject([{ title: 'Runbooks', url: expect.stringMatching(/^https:.*alerts\.md$/) }]);
  });

  test('shows the whole cluster in stat panels, whichever members are selected', () => {
    const stats = DASHBOARD.panels.filter((panel): panel is Panel => panel.type === 'stat');
    expect(stats.length).toBeGreaterThan(12);
    for (const { title, targets } of stats)
      for (const { expr } of targets) expect(`${title}: ${String(expr.includes('$pod'))}`).toBe(`${title}: false`);
    const members = panelOf(DASHBOARD, 'Members');
    expect(members?.targets.every(({ expr }) => expr.includes('$pod'))).toBe(true);
  });

  test('knows how many more failures the cluster tolerates', () => {
    const tolerated = (replicas: number) => panelOf(dashboardOf({ replicas }), 'Failures tolerated');
    const stepsOf = (replicas: number) => tolerated(replicas)?.fieldConfig.defaults.thresholds?.steps;
    expect(tolerated(5)?.targets[0]?.expr).toMatch(/ or vector\(0\)\) - 3$/);
    expect(stepsOf(5)).toEqual([
      { color: 'red', value: null },
      { color: 'orange', value: 0 },
      { color: 'green', value: 2 },
    ]);
    expect(stepsOf(1)).toEqual([
      { color: 'red', value: null },
      { color: 'green', value: 0 },
    ]);
    expect(tolerated(3)?.fieldConfig.defaults.mappings?.[0]?.options).toEqual({
      '-1': { text: 'no quorum' },
      '-2': { text: 'no quorum' },
    });
  });
});

describe('thresholds of the alerts', () => {
  test('have a table of those that fire, unless they are disabled', () => {
    const [query] = panelOf(DASHBOARD, 'Firing alerts')?.targets ?? [];
    expect(query?.expr).toContain('ALERTS{alertstate="firing",namespace="etcd-cluster",etcd_cluster="etcd"}');
    const without = parsed(written({ alerts: { enabled: false } }));
    expect(panelOf(without, 'Firing alerts')).toBeUndefined();
    expect(panelOf(without, 'Members')?.gridPos.w).toBe(24);
  });

  test('select by the labels that tell Kubernetes clusters apart', () => {
    const labelled = parsed(written({ alerts: { seriesLabels: { cluster: 'a "b" }c' } } }));
    const matcher = 'cluster="a \\"b\\" }c"';
    const selectors = (expr: string): number => (expr.match(/namespace="etcd-cluster"/g) ?? []).length;
    for (const { where, expr } of queriesOf(labelled)) {
      if (where.startsWith('Overview / Firing alerts')) continue; // alerts may lack the labels of their series
      expect(selectors(expr)).toBeGreaterThan(0);
      expect(expr.split(matcher).length - 1).toBe(selectors(expr));
    }
    expect(labelled.templating.list.find(({ name }) => name === 'pod')?.query).toContain(matcher);
    expect(JSON.stringify(DASHBOARD)).not.toMatch(/[{,]cluster=/);
  });

  test('make a success overdue, whether jobs are added before or after', () => {
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

  test('color the quota', () => {
    const own = parsed(written({ alerts: { quotaWarningPercent: 61, quotaCriticalPercent: 72 } }));
    const values = (dashboard: Dashboard, title: string) =>
      panelOf(dashboard, title)?.fieldConfig.defaults.thresholds?.steps.map(({ value }) => value);
    expect(values(own, 'Quota used')).toEqual([null, 61, 72]);
    expect(values(own, 'Quota used, by member')).toEqual([null, 61, 72]);
    expect(values(DASHBOARD, 'Quota used')).toEqual([null, 80, 95]);
  });

  test('count the same gRPC codes as failures', () => {
    const objects = synthCluster({}, (c) => c.addMonitoring());
    const rules = JSON.stringify(find(objects, 'PrometheusRule', 'etcd').spec).replaceAll('\\', '');
    const [, codes = 'none'] =
      /grpc_code=~("[^"]+")/.exec(panelOf(DASHBOARD, 'Failed requests')?.targets[0]?.expr ?? '') ?? [];
    expect(rules).toContain(`grpc_code=~${codes}`);
  });
});
