import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type * as model from '../../src/dashboard/model';

/** Grafana's types with strings and numbers instead of enums, and every field optional, as in JSON. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : T extends object
        ? { readonly [K in keyof T]?: Plain<T[K]> }
        : T;

/** Whether Grafana's type accepts ours and has all of its fields. */
type Fits<Ours, Theirs> = Ours extends Plain<Theirs> ? (keyof Ours extends keyof Theirs ? true : never) : never;

/** Does not compile, and fails `npm run lint`, if the model has a field that Grafana's types lack or define differently. */
const FITS: {
  dashboard: Fits<Omit<model.Dashboard, 'panels' | 'annotations' | 'links'>, grafana.Dashboard>;
  variable: Fits<model.Variable, Omit<grafana.VariableModel, 'current'> & { current: unknown }>;
  panel: Fits<Omit<model.Panel, 'fieldConfig' | 'options' | 'targets'>, grafana.Panel>;
  row: Fits<Omit<model.RowPanel, 'panels'>, grafana.RowPanel>;
  link: Fits<model.Link, grafana.DashboardLink>;
  field: Fits<Omit<model.FieldConfig, 'mappings' | 'custom' | 'thresholds'>, grafana.FieldConfig>;
  step: Fits<model.Step, Omit<grafana.Threshold, 'value'> & { value: number | null }>;
  graph: Fits<model.GraphStyle, common.GraphFieldConfig>;
  target: Fits<model.Target, prometheus.Dataquery>;
  timeseries: Fits<model.TimeseriesOptions, timeseries.Options>;
  stat: Fits<model.StatOptions, stat.Options>;
  table: Fits<model.TableOptions, table.Options>;
} = {
  dashboard: true,
  variable: true,
  panel: true,
  row: true,
  link: true,
  field: true,
  step: true,
  graph: true,
  target: true,
  timeseries: true,
  stat: true,
  table: true,
};

test('the model is a subset of Grafana’s', () => {
  expect(Object.values(FITS)).not.toContain(false);
});
