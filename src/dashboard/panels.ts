import type { Datasource, FieldConfig, Override, PanelBody, Step, Target, ValueMap } from './model';

/** Without braces, because Flux would replace `${datasource}` if the annotation of the ConfigMap is lost. */
export const DATASOURCE: Datasource = { type: 'prometheus', uid: '$datasource' };

/** What a panel says that has no data, unless it knows better. */
const NOT_SCRAPED = 'no data: Prometheus does not scrape the members';

/** What the etcd project recommends, in seconds. @see https://etcd.io/docs/v3.6/faq/ */
export const RECOMMENDED_FSYNC = 0.01;
export const RECOMMENDED_COMMIT = 0.025;

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
  /** Why the panel may have no data. The default is that no member is scraped. */
  readonly empty?: string;
}

interface TimeseriesSpec extends PanelText {
  readonly queries: readonly Query[];
  readonly max?: number;
  /** Dashed lines, from the lowest to the highest. */
  readonly lines?: readonly Line[];
}

/** A dashed line in a time series panel. */
export interface Line {
  readonly color: 'orange' | 'red';
  readonly value: number;
  /** What the line is, for the description of the panel: `Red line: MEANING.` */
  readonly meaning: string;
}

/** A time series panel, with lines from zero. */
export function timeseries({ queries, max, lines = [], ...text }: TimeseriesSpec): PanelBody {
  const custom = { drawStyle: 'line', lineWidth: 1, fillOpacity: 10, showPoints: 'never' } as const;
  const limits = steps('transparent', ...lines.map(({ color, value }) => [color, value] as const));
  return {
    type: 'timeseries',
    title: text.title,
    description: withLines(text.description, lines),
    datasource: DATASOURCE,
    targets: queries.map((query, i) => target(query, i, 'over time')),
    fieldConfig: {
      defaults: {
        unit: text.unit,
        min: 0,
        max,
        noValue: text.empty ?? NOT_SCRAPED,
        color: { mode: 'palette-classic' },
        thresholds: lines.length === 0 ? undefined : { mode: 'absolute', steps: limits },
        custom: lines.length === 0 ? custom : { ...custom, thresholdsStyle: { mode: 'dashed' } },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

/** The description, and what each line of the panel is. */
function withLines(description: string | undefined, lines: readonly Line[]): string | undefined {
  const sentences = lines.map(({ color, meaning }) => `${color === 'red' ? 'Red' : 'Orange'} line: ${meaning}.`);
  return sentences.length === 0
    ? description
    : [...(description === undefined ? [] : [description]), ...sentences].join(' ');
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
export function stat({ title, description, unit, query, text = 'auto', ...look }: StatSpec): PanelBody {
  const { decimals, mappings, empty = NOT_SCRAPED } = look;
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
      defaults: { unit, decimals, noValue: empty, color: { mode: 'thresholds' }, thresholds, mappings },
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

/** What a table shows of a query: its value, labels, or both. */
export interface Column {
  /** Title of the value. Without it, the value is hidden. */
  readonly title?: string;
  /** Labels to show, with their titles. */
  readonly labels?: { readonly [label: string]: string };
  readonly unit?: string;
  readonly mappings?: readonly ValueMap[];
  /** Colors the value. Colors of mappings need them too. */
  readonly steps?: readonly Step[];
  readonly expr: string;
}

interface TableSpec extends PanelText {
  /** The label of the rows. All queries have it. */
  readonly by: string;
  readonly byTitle: string;
  readonly columns: readonly Column[];
}

/** A table panel of current values: a row for each value of a label, and a column for each query. */
export function table({ title, description, unit, empty = NOT_SCRAPED, ...rows }: TableSpec): PanelBody {
  const { by, byTitle, columns } = rows;
  const value = (i: number): string => `Value #${refId(i)}`;
  const hidden = columns.flatMap((column, i) => (column.title === undefined ? [value(i)] : []));
  const names = columns.flatMap((column, i) => [
    ...Object.entries(column.labels ?? {}),
    ...(column.title === undefined ? [] : [[value(i), column.title] as const]),
  ]);
  return {
    type: 'table',
    title,
    description,
    datasource: DATASOURCE,
    targets: columns.map(({ expr }, i) => ({ ...target({ expr, legend: '' }, i, 'now'), format: 'table' as const })),
    fieldConfig: {
      defaults: { unit, noValue: empty, color: { mode: 'fixed' } } satisfies FieldConfig,
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

function columnLook({ title, unit, mappings, steps: colors }: Column): Override[] {
  const properties = [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
    ...(colors === undefined
      ? []
      : [
          { id: 'color', value: { mode: 'thresholds' } },
          { id: 'thresholds', value: { mode: 'absolute', steps: colors } },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ];
  return title === undefined || properties.length === 0
    ? []
    : [{ matcher: { id: 'byName', options: title }, properties }];
}

/** Thresholds: `steps('red', ['green', 3])` is red below 3. */
export function steps(first: string, ...more: readonly (readonly [color: string, value: number])[]): Step[] {
  return [{ color: first, value: null }, ...more.map(([color, value]) => ({ color, value }))];
}

/** Value mappings: words for numbers. */
export function words(options: ValueMap['options']): ValueMap[] {
  return [{ type: 'value', options }];
}

export const YES_NO = words({ 0: { text: 'no' }, 1: { text: 'yes' } });

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
