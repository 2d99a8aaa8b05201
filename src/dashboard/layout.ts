import type { Panel, PanelBody, RowPanel } from './model';

/** A row of the dashboard, before its panels have positions. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Tile[];
}

/** A panel and its size, in units of Grafana's grid, which is 24 wide. */
export interface Tile {
  readonly width: number;
  readonly height: number;
  readonly body: PanelBody;
}

const GRID_WIDTH = 24;

/** Gives all panels their ids and positions: from left to right, with a new line if one does not fit. */
export function layOut(rows: readonly Row[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const row of rows) {
    const gridPos = { h: 1, w: GRID_WIDTH, x: 0, y };
    placed.push({ id: placed.length + 1, type: 'row', title: row.title, collapsed: false, gridPos, panels: [] });
    y += 1;
    let x = 0;
    let height = 0;
    for (const { width, height: h, body } of row.panels) {
      if (x + width > GRID_WIDTH) {
        y += height;
        x = 0;
        height = 0;
      }
      placed.push({ id: placed.length + 1, ...body, gridPos: { h, w: width, x, y } });
      x += width;
      height = Math.max(height, h);
    }
    y += height;
  }
  return placed;
}

/** Panels of the same size, `sideBySide` in a line. */
export function tiles(sideBySide: number, height: number, panels: readonly PanelBody[]): Tile[] {
  return panels.map((body) => ({ width: GRID_WIDTH / sideBySide, height, body }));
}
