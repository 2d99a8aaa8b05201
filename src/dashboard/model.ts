/**
 * The part of Grafana's dashboard model that is used here. `test/dashboard/model.test.ts` compares it with the types of
 * Grafana's Foundation SDK.
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly graphTooltip: number;
  readonly time: { readonly from: string; readonly to: string };
  readonly timezone: string;
  readonly refresh: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly never[] };
  readonly links: readonly Link[];
  readonly panels: readonly (Panel | RowPanel)[];
}

/** A link at the top of the dashboard. */
export interface Link {
  readonly title: string;
  readonly type: 'link';
  readonly icon: 'doc';
  readonly tooltip: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly asDropdown: boolean;
  readonly targetBlank: boolean;
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}

export interface Datasource {
  readonly type: 'prometheus';
  readonly uid: string;
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: 'datasource' | 'query';
  readonly query: string;
  readonly datasource?: Datasource;
  readonly definition?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly current?: { readonly text: string; readonly value: string };
  readonly refresh?: number;
  readonly sort?: number;
}

export interface GridPos {
  readonly h: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
}

export interface RowPanel {
  readonly id: number;
  readonly type: 'row';
  readonly title: string;
  readonly collapsed: boolean;
  readonly gridPos: GridPos;
  readonly panels: readonly never[];
}

/** A panel with its position. */
export interface Panel extends PanelBody {
  readonly id: number;
  readonly gridPos: GridPos;
}

/** A panel before it has a position. */
export interface PanelBody {
  readonly type: 'timeseries' | 'stat' | 'table';
  readonly title: string;
  readonly description?: string;
  readonly datasource: Datasource;
  readonly targets: readonly Target[];
  readonly fieldConfig: { readonly defaults: FieldConfig; readonly overrides: readonly Override[] };
  readonly options: TimeseriesOptions | StatOptions | TableOptions;
  readonly transformations?: readonly Transformation[];
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  /** Whether to query the current value only, and not the time range. */
  readonly instant?: boolean;
  readonly format?: 'table';
}

export interface FieldConfig {
  readonly unit: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** What to show when there is no data. */
  readonly noValue?: string;
  readonly color: { readonly mode: 'palette-classic' | 'thresholds' | 'fixed' };
  readonly thresholds?: { readonly mode: 'absolute'; readonly steps: readonly Step[] };
  readonly mappings?: readonly ValueMap[];
  readonly custom?: GraphStyle;
}

/** A color from a value on. The first step has no value. */
export interface Step {
  readonly color: string;
  readonly value: number | null;
}

export interface ValueMap {
  readonly type: 'value';
  readonly options: { readonly [value: string]: { readonly text: string; readonly color?: string } };
}

export interface GraphStyle {
  readonly drawStyle: 'line';
  readonly lineWidth: number;
  readonly fillOpacity: number;
  readonly showPoints: 'never';
  readonly thresholdsStyle?: { readonly mode: 'dashed' };
}

export interface Override {
  readonly matcher: { readonly id: 'byName'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface TimeseriesOptions {
  readonly legend: {
    readonly displayMode: 'list';
    readonly placement: 'bottom';
    readonly showLegend: boolean;
    readonly calcs: readonly string[];
  };
  readonly tooltip: { readonly mode: 'multi'; readonly sort: 'desc' };
}

export interface StatOptions {
  readonly reduceOptions: { readonly calcs: readonly string[]; readonly values: boolean; readonly fields: string };
  readonly textMode: 'auto' | 'value' | 'name' | 'value_and_name';
  readonly colorMode: 'value' | 'none';
  readonly graphMode: 'none' | 'area';
  readonly justifyMode: 'auto';
  readonly orientation: 'auto';
}

export interface TableOptions {
  readonly showHeader: boolean;
  readonly cellHeight: 'sm';
}

export interface Transformation {
  readonly id: string;
  readonly options: object;
}
