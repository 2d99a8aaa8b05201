import type { Datasource, FieldConfig, Override, PanelBody, Step, Target, ValueMap } from './model';

/** Without braces, because Flux would replace `${datasource}` if the annotation of the ConfigMap is lost. */
export const DATASOURCE: Datasource = { type: 'prometheus', uid: '$datasource' };

/** A query of a panel, with the names of its series: `{{label}}` is the value of a label. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

interface PanelText {
  readonly title: string;
  readonly description?: string;
  /** Grafana's id of the unit, such as `bytes`, `s`, `ops`, `percent`. */
  readonly unit: string;
}

interface TimeseriesSpec extends PanelText {
  readonly queries: readonly Query[];
  readonly max?: number;
  /** Draws a dashed line at this value. */
  readonly limit?: number;
}

/** A time series panel, with lines from zero. */
export function timeseries({ title, description, unit, queries, max, limit }: TimeseriesSpec): PanelBody {
  const custom = { drawStyle: 'line', lineWidth: 1, fillOpacity: 10, showPoints: 'never' } as const;
  return {
    type: 'timeseries',
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map((query, i) => target(query, i, 'over time')),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        max,
        color: { mode: 'palette-classic' },
        thresholds: limit === undefined ? undefined : { mode: 'absolute', steps: steps('transparent', ['red', limit]) },
        custom: limit === undefined ? custom : { ...custom, thresholdsStyle: { mode: 'dashed' } },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

interface StatSpec extends PanelText {
  readonly query: Query;
  readonly steps: readonly Step[];
  /** Other steps for series of these names. */
  readonly stepsOf?: { readonly [series: string]: readonly Step[] };
  readonly decimals?: number;
  /** What to show: the value, or the name of the series. */
  readonly text?: 'auto' | 'value' | 'name' | 'value_and_name';
  readonly mappings?: readonly ValueMap[];
}

/** A stat panel: the current value of each series. */
export function stat({ title, description, unit, query, text = 'auto', decimals, ...look }: StatSpec): PanelBody {
  const thresholds = { mode: 'absolute', steps: look.steps } as const;
  const overrides = Object.entries(look.stepsOf ?? {}).map(([series, own]) => ({
    matcher: { id: 'byName' as const, options: series },
    properties: [{ id: 'thresholds', value: { mode: 'absolute', steps: own } }],
  }));
  return {
    type: 'stat',
    title,
    description,
    datasource: DATASOURCE,
    targets: [target(query, 0, 'now')],
    fieldConfig: {
      defaults: { unit, decimals, color: { mode: 'thresholds' }, thresholds, mappings: look.mappings },
      overrides,
    },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], values: false, fields: '' },
      textMode: text,
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
    },
  };
}

/** A column of a table: a label, or the value of a query. */
export interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly mappings?: readonly ValueMap[];
  readonly expr: string;
  /** The label to show instead of the value. */
  readonly label?: string;
}

interface TableSpec extends PanelText {
  /** The label of the rows. All queries have it. */
  readonly by: string;
  readonly byTitle: string;
  readonly columns: readonly Column[];
}

/** A table panel of current values: a row for each value of a label, and a column for each query. */
export function table({ title, description, unit, by, byTitle, columns }: TableSpec): PanelBody {
  const field = (column: Column, i: number): string => column.label ?? `Value #${refId(i)}`;
  const hidden = columns.flatMap((column, i) => (column.label === undefined ? [] : [`Value #${refId(i)}`]));
  const names = columns.map((column, i) => [field(column, i), column.title] as const);
  return {
    type: 'table',
    title,
    description,
    datasource: DATASOURCE,
    targets: columns.map(({ expr }, i) => ({ ...target({ expr, legend: '' }, i, 'now'), format: 'table' as const })),
    fieldConfig: {
      defaults: { unit, color: { mode: 'fixed' } } satisfies FieldConfig,
      overrides: columns.flatMap(columnLook),
    },
    options: { showHeader: true, cellHeight: 'sm' },
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])),
          indexByName: Object.fromEntries([by, ...names.map(([name]) => name)].map((name, i) => [name, i])),
          renameByName: Object.fromEntries([[by, byTitle], ...names]),
        },
      },
    ],
  };
}

function columnLook({ title, unit, mappings }: Column): Override[] {
  const properties = [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
  ];
  return properties.length === 0 ? [] : [{ matcher: { id: 'byName', options: title }, properties }];
}

/** Thresholds: `steps('red', ['green', 3])` is red below 3. */
export function steps(first: string, ...more: readonly (readonly [color: string, value: number])[]): Step[] {
  return [{ color: first, value: null }, ...more.map(([color, value]) => ({ color, value }))];
}

/** Value mappings: words for numbers. */
export function words(options: ValueMap['options']): ValueMap[] {
  return [{ type: 'value', options }];
}

function target({ expr, legend }: Query, i: number, when: 'now' | 'over time'): Target {
  return {
    refId: refId(i),
    expr,
    legendFormat: legend,
    instant: when === 'now' ? true : undefined,
  };
}

function refId(i: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + i);
}
