#!/usr/bin/env node
// Draws a dashboard of this library as one HTML page, with data from a Prometheus: a preview without Grafana.
//
//   node tools/render-dashboard.mjs docs/dashboard-etcd.json http://127.0.0.1:9090 dashboard.html [MINUTES]
//
// It ends with 1 when a query has no data, and names these queries. A browser makes a picture of the page:
//   chromium --headless --no-sandbox --user-data-dir=$(mktemp -d) --window-size=1600,3400 --screenshot=dashboard.png dashboard.html
import { readFileSync, writeFileSync } from 'node:fs';

const [file, prometheus, output, minutes = '60'] = process.argv.slice(2);
if (!output) {
  console.error('usage: node tools/render-dashboard.mjs DASHBOARD.json PROMETHEUS_URL OUTPUT.html [MINUTES]');
  process.exit(2);
}

const dashboard = JSON.parse(readFileSync(file, 'utf8'));
const end = Math.floor(Date.now() / 1000);
const start = end - Number(minutes) * 60;
const step = Math.max(5, Math.ceil((end - start) / 300));

// Grafana's grid: columns of the page, and the height of one unit.
const WIDTH = 1600;
const COLUMN = WIDTH / 24;
const UNIT = 32;
const GAP = 8;
const COLORS = ['#73bf69', '#f2cc0c', '#5794f2', '#ff9830', '#f2495c', '#b877d9', '#8ab8ff', '#fade2a', '#96d98d'];
const NAMED = { green: '#73bf69', orange: '#ff9830', red: '#f2495c', transparent: 'none' };

const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

/** The query with Grafana's variables filled in. */
function filledIn(expr) {
  const pods = dashboard.templating.list.find(({ name }) => name === 'pod')?.allValue ?? '.*';
  return expr.replaceAll('$__rate_interval', '2m').replaceAll('$__range', `${minutes}m`).replaceAll('$pod', pods);
}

async function ask(path, parameters) {
  const answer = await fetch(`${prometheus}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { status, data, error } = await answer.json();
  if (status !== 'success') throw new Error(error);
  return data.result;
}

/** Series of a query: a name and points. */
async function seriesOf({ expr, legendFormat, instant }) {
  const query = filledIn(expr);
  const result = instant
    ? await ask('query', { query, time: end })
    : await ask('query_range', { query, start, end, step });
  return result.map(({ metric, value, values }) => ({
    metric,
    name: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? ''),
    points: (values ?? [value]).map(([time, v]) => [time, Number(v)]).filter(([, v]) => Number.isFinite(v)),
  }));
}

const SCALES = {
  bytes: [1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']],
  Bps: [1000, ['B/s', 'kB/s', 'MB/s', 'GB/s']],
  short: [1000, ['', ' K', ' Mil', ' Bil']],
};

/** A value with its unit, as Grafana would write it. */
function written(value, unit) {
  const round = (v) => String(Number(v.toPrecision(3)));
  if (unit in SCALES) {
    const [base, names] = SCALES[unit];
    const i =
      value === 0 ? 0 : Math.min(names.length - 1, Math.max(0, Math.floor(Math.log(Math.abs(value)) / Math.log(base))));
    return `${round(value / base ** i)} ${names[i]}`;
  }
  if (unit === 's') {
    if (value === 0 || value < 1e-3) return `${round(value * 1e6)} µs`;
    if (value < 1) return `${round(value * 1e3)} ms`;
    for (const [length, name] of [
      [86_400, 'days'],
      [3600, 'hours'],
      [60, 'mins'],
    ])
      if (value >= length) return `${round(value / length)} ${name}`;
    return `${round(value)} s`;
  }
  if (unit === 'percentunit') return `${round(value * 100)}%`;
  const suffix = { percent: '%', ops: ' ops/s', reqps: ' req/s' }[unit] ?? '';
  return `${round(value)}${suffix}`;
}

const mapped = (value, mappings) => mappings?.[0]?.options[value]?.text;

/** Why there is nothing to see, as the panel says. */
const nothing = ({ fieldConfig }) => `<p>${escape(fieldConfig.defaults.noValue ?? 'No data')}</p>`;

function colorAt(value, steps) {
  const step = steps.filter((s) => s.value === null || value >= s.value).at(-1);
  return NAMED[step.color] ?? step.color;
}

function drawLines(series, panel, width, height) {
  const { unit, max, thresholds } = panel.fieldConfig.defaults;
  const highest = Math.max(max ?? 0, ...series.flatMap(({ points }) => points.map(([, v]) => v)));
  const top = max ?? (highest > 1e-6 ? highest * 1.05 : 1);
  const [left, legend, head] = [84, 34, 6];
  const x = (time) => left + ((time - start) / (end - start)) * (width - left - 12);
  const y = (v) => head + (1 - v / top) * (height - head - legend - 18);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const v = part * top;
    return `<line x1="${left}" x2="${width - 12}" y1="${y(v)}" y2="${y(v)}" class="grid"/>
      <text x="${left - 6}" y="${y(v) + 4}" text-anchor="end">${escape(written(v, unit))}</text>`;
  });
  const times = [0.1, 0.5, 0.9].map((part) => {
    const time = start + part * (end - start);
    return `<text x="${x(time)}" y="${height - legend}" text-anchor="middle">${new Date(time * 1000).toISOString().slice(11, 16)}</text>`;
  });
  const lines = series.map(({ points }, i) => {
    const path = points.map(([time, v]) => `${x(time).toFixed(1)},${y(v).toFixed(1)}`).join(' ');
    return `<polyline points="${path}" stroke="${COLORS[i % COLORS.length]}" class="line"/>`;
  });
  const dashed = (thresholds?.steps ?? [])
    .filter(({ value }) => value !== null && value <= top)
    .map(
      ({ color, value }) =>
        `<line x1="${left}" x2="${width - 12}" y1="${y(value)}" y2="${y(value)}" stroke="${NAMED[color]}" stroke-dasharray="6 4"/>`,
    );
  const names = series.map(
    ({ name }, i) => `<span><i style="background:${COLORS[i % COLORS.length]}"></i>${escape(name)}</span>`,
  );
  return `<svg width="${width}" height="${height - legend + 4}">${grid.join('')}${times.join('')}${lines.join('')}${dashed.join('')}</svg>
    <div class="legend">${names.join('')}</div>`;
}

function drawStats(series, panel) {
  const { unit, thresholds, mappings } = panel.fieldConfig.defaults;
  const cells = series.map(({ name, points }) => {
    const value = points.at(-1)?.[1] ?? NaN;
    const text = mapped(value, mappings) ?? written(value, unit);
    const [large, small] = panel.options.textMode === 'name' ? [name, ''] : [text, name];
    const own = panel.fieldConfig.overrides.find(({ matcher }) => matcher.options === name);
    const { steps } = own?.properties.find(({ id }) => id === 'thresholds')?.value ?? thresholds;
    return `<div><small>${escape(small)}</small><b style="color:${colorAt(value, steps)}">${escape(large)}</b></div>`;
  });
  return `<div class="stats">${cells.join('')}</div>`;
}

function drawTable(answers, panel) {
  const { indexByName, renameByName, excludeByName } = panel.transformations[1].options;
  const columns = Object.keys(indexByName).sort((a, b) => indexByName[a] - indexByName[b]);
  const rows = new Map();
  panel.targets.forEach(({ refId }, i) => {
    for (const { metric, points } of answers[i]) {
      // Grafana merges rows of several queries by the labels that they share.
      const key = panel.targets.length === 1 ? JSON.stringify(metric) : metric[columns[0]];
      rows.set(key, { ...rows.get(key), ...metric, [`Value #${refId}`]: points.at(-1)?.[1] });
    }
  });
  const look = (column) =>
    Object.fromEntries(
      panel.fieldConfig.overrides
        .filter(({ matcher }) => matcher.options === renameByName[column])
        .flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])),
    );
  const cell = (row, column) => {
    const { unit = 'none', mappings } = look(column);
    const value = row[column];
    return typeof value === 'number' ? (mapped(value, mappings) ?? written(value, unit)) : (value ?? '');
  };
  const color = (row, column) => {
    const { thresholds } = look(column);
    return thresholds === undefined ? '' : ` style="color:${colorAt(row[column], thresholds.steps)}"`;
  };
  const shown = columns.filter((column) => !excludeByName[column]);
  const heads = shown.map((column) => `<th>${escape(renameByName[column])}</th>`);
  const body = [...rows.values()].map(
    (row) => `<tr>${shown.map((column) => `<td${color(row, column)}>${escape(cell(row, column))}</td>`).join('')}</tr>`,
  );
  return `<table><tr>${heads.join('')}</tr>${body.join('')}</table>`;
}

const empty = [];
async function drawPanel(panel, row) {
  const { x, y, w, h } = panel.gridPos;
  const [width, height] = [w * COLUMN - GAP, h * UNIT - GAP];
  const place = `left:${x * COLUMN}px;top:${y * UNIT}px;width:${width}px;height:${height}px`;
  const answers = [];
  for (const target of panel.targets) {
    const series = await seriesOf(target);
    if (series.every(({ points }) => points.length === 0)) empty.push(`${row} / ${panel.title} / ${target.refId}`);
    answers.push(series);
  }
  const series = answers.flat();
  const inner =
    panel.type === 'table'
      ? drawTable(answers, panel)
      : panel.type === 'stat'
        ? drawStats(series, panel)
        : drawLines(series, panel, width - 16, height - 28);
  const content = series.some(({ points }) => points.length > 0) ? inner : nothing(panel);
  return `<section style="${place}"><h2>${escape(panel.title)}</h2>${content}</section>`;
}

const parts = [];
let row = '';
for (const panel of dashboard.panels) {
  if (panel.type === 'row') {
    row = panel.title;
    parts.push(`<h1 style="top:${panel.gridPos.y * UNIT + 4}px">${escape(row)}</h1>`);
  } else parts.push(await drawPanel(panel, row));
}
const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h)) * UNIT;
const style = `body{margin:0;padding:12px;background:#111217;color:#ccccdc;font:13px sans-serif;width:${WIDTH}px}
  main{position:relative;height:${bottom}px} h1,section{position:absolute;margin:0;box-sizing:border-box}
  h1{font-size:16px;font-weight:500} header{font-size:20px;padding:0 0 10px}
  section{background:#181b1f;border:1px solid #2c3035;border-radius:3px;padding:6px 8px;overflow:hidden}
  h2{font-size:13px;font-weight:500;margin:0 0 4px} svg text{fill:#8e8e9c;font-size:11px}
  .grid{stroke:#2c3035} .line{fill:none;stroke-width:1.5} .legend{font-size:11px;max-height:30px;overflow:hidden}
  .legend span{margin-right:12px;white-space:nowrap} .legend i{display:inline-block;width:12px;height:3px;margin:0 4px 3px 0}
  .stats{display:flex;justify-content:space-evenly;align-items:center;height:75%} .stats div{text-align:center}
  .stats small{display:block} .stats b{font-size:28px;font-weight:500} p{text-align:center;color:#8e8e9c}
  table{width:100%;border-collapse:collapse} th,td{text-align:left;padding:5px 8px;border-bottom:1px solid #2c3035;font-weight:400}
  th{color:#6e9fff}`;
writeFileSync(
  output,
  `<!doctype html><meta charset="utf-8"><title>${escape(dashboard.title)}</title><style>${style}</style>
<header>${escape(dashboard.title)}</header><main>${parts.join('\n')}</main>\n`,
);
console.log(
  `${output}: ${WIDTH + 24} x ${bottom + 70}; ${dashboard.panels.length} panels and rows, ${empty.length} queries without data`,
);
for (const where of empty) console.log(`no data: ${where}`);
process.exitCode = empty.length === 0 ? 0 : 1;
