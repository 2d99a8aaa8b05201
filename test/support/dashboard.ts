import type { Dashboard, Panel } from '../../src/dashboard/model';

/** One query of a dashboard, as Prometheus accepts it. */
export interface DashboardQuery {
  /** Title of the row, title of the panel, and the query's letter: `Disk / Database, commit / A`. */
  readonly where: string;
  /** Without Grafana's variables. */
  readonly expr: string;
  /** Whether it is for the current value, not for a range of time. */
  readonly instant: boolean;
}

/** The values of Grafana's variables. */
export interface DashboardView {
  /** `$pod`, a regular expression. The default is every member. */
  readonly pod?: string;
  /** `$__rate_interval`: at least four scrapes. */
  readonly rateInterval?: string;
  /** `$__range` */
  readonly range?: string;
}

/** Every query of a dashboard, with Grafana's variables filled in. */
export function queriesOf(dashboard: Dashboard, view: DashboardView = {}): DashboardQuery[] {
  const allPods = dashboard.templating.list.find(({ name }) => name === 'pod')?.allValue ?? '.*';
  const variables = {
    $pod: view.pod ?? allPods,
    $__rate_interval: view.rateInterval ?? '2m',
    $__range: view.range ?? '3h',
  };
  let row = '';
  return dashboard.panels.flatMap((panel) => {
    if (panel.type === 'row') {
      row = panel.title;
      return [];
    }
    return panel.targets.map(({ refId, expr, instant = false }) => ({
      where: `${row} / ${panel.title} / ${refId}`,
      expr: Object.entries(variables).reduce((text, [name, value]) => text.replaceAll(name, value), expr),
      instant,
    }));
  });
}

/** The panels, without the rows' titles. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return dashboard.panels.filter((panel): panel is Panel => panel.type !== 'row');
}
