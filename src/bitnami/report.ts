import { BITNAMI_ENV, ENV_PROPS } from './to-props/etcd';
import type { Finding, ImportedCluster, ImportProblem } from './import';
import type { LiveComparison, LiveDifference } from './live-comparison';
import { isMap, type Json } from './json';
import type { Values } from './values';
import { VERDICTS } from './verdicts';

/** A parameter in the file, and how it is imported. */
export interface Line {
  readonly parameter: string;
  readonly line: number | undefined;
  readonly text: string;
}

/** The report as data. */
export interface Report {
  readonly release: string;
  readonly namespace: string;
  readonly name: string;
  /** Why the import is refused. Empty if it is not. */
  readonly problems: readonly ImportProblem[];
  readonly dangers: readonly Line[];
  readonly same: readonly Line[];
  readonly safer: readonly Line[];
  readonly differs: readonly Line[];
  readonly dropped: readonly Line[];
  /** Parameters in the file that the chart does not read. */
  readonly unused: readonly Line[];
  readonly live: LiveComparison | undefined;
}

export function reportOf(imported: ImportedCluster, problems: readonly ImportProblem[], live?: LiveComparison): Report {
  const { values, findings } = imported;
  const named = values.named.filter((parameter) => VERDICTS[parameter] !== undefined);
  const isRead = (parameter: string): boolean => values.isRead(parameter);
  const read = named.filter(isRead);
  const kind = (name: string): string[] => read.filter((parameter) => VERDICTS[parameter]?.kind === name);
  const isOwn = (parameter: string): boolean => {
    const verdict = VERDICTS[parameter];
    return verdict?.kind === 'mapped' && verdict.ownDefault === true && !values.differs(parameter);
  };
  const line = (parameter: string, text: string): Line => ({ parameter, line: values.line(parameter), text });
  const found = (name: Finding['kind']): Line[] =>
    findings.filter((f) => f.kind === name).map(({ parameter, line, text }) => ({ parameter, line, text }));
  const missed = found('missed');
  const changed = new Set(findings.flatMap((f) => f.changes ?? []));
  return {
    release: values.release.name,
    namespace: values.release.namespace,
    name: imported.fullname,
    problems,
    dangers: found('danger'),
    same: kind('mapped')
      .filter((parameter) => !isOwn(parameter) && !changed.has(parameter))
      .map((parameter) => line(parameter, becomes(parameter, values))),
    safer: [
      ...found('safer'),
      ...kind('replaced').map((parameter) => line(parameter, reason(parameter))),
      ...kind('mapped')
        .filter(isOwn)
        .map((parameter) => line(parameter, 'is the chart’s default; the import uses the library’s default')),
    ],
    differs: found('differs'),
    dropped: [
      ...missed,
      ...kind('dropped')
        .filter((parameter) => !missed.some((m) => m.parameter === parameter))
        .map((parameter) => line(parameter, reason(parameter))),
    ],
    unused: [
      ...found('unused'),
      ...named
        .filter((parameter) => !isRead(parameter))
        .map((parameter) => line(parameter, `has no effect: ${values.off(parameter) ?? ''}`)),
    ],
    live,
  };
}

/** Why a parameter is not mapped. */
function reason(parameter: string): string {
  const verdict = VERDICTS[parameter];
  if (verdict?.kind === 'replaced') return verdict.by;
  return verdict?.kind === 'dropped' ? verdict.why : '';
}

/** `3 -> replicas`. For variables, the prop of each. */
function becomes(parameter: string, values: Values): string {
  const verdict = VERDICTS[parameter];
  const to = verdict?.kind === 'mapped' ? verdict.to.replace(/^cluster\./, '') : '';
  if (parameter !== 'extraEnvVars') return `${shown(values.get(parameter))} -> ${to}`;
  const names = values.list(parameter).map((item) => (isMap(item) ? String(item.name as string) : ''));
  const taken = names.filter((name) => !BITNAMI_ENV.test(name)); // the others have findings of their own
  return taken.map((name) => `${name} -> ${ENV_PROPS.get(name) ?? to}`).join(', ') || `nothing -> ${to}`;
}

const WIDTH = 100;

/** The report as text. */
export function reportText(report: Report, fileName: string): string {
  const at = ({ parameter, line }: Pick<Line, 'parameter' | 'line'>): string => {
    const where = line === undefined ? '' : `${fileName}:${line}: `;
    return `${where}${parameter || fileName}${line === undefined && parameter !== '' ? ' (not in the file)' : ''}`;
  };
  const section = (title: string, lines: readonly Line[]): string[] =>
    lines.length === 0
      ? []
      : ['', `${title} (${lines.length})`, ...lines.flatMap((l) => [`  ${at(l)}`, ...wrapped(l.text)])];
  const table = (title: string, lines: readonly Line[]): string[] =>
    lines.length === 0 ? [] : ['', `${title} (${lines.length})`, ...lines.map((l) => `  ${at(l)}: ${l.text}`)];
  const head = `Release ${report.release} in namespace ${report.namespace}: objects are named ${report.name}`;
  if (report.problems.length > 0) {
    return [
      head,
      ...section('Cannot be imported', report.problems),
      ...section('Dangers in this file', report.dangers),
      '',
    ].join('\n');
  }
  return [
    head,
    ...liveLines(report.live),
    ...section('Dangers in this file', report.dangers),
    ...section('What changes', report.differs),
    ...section('Safer', report.safer),
    ...section('Left out', report.dropped),
    ...table('No effect in the chart', report.unused),
    ...table('Same as before', report.same),
    '',
  ].join('\n');
}

/** The differences to the live StatefulSet. Empty if there are none. */
export function liveText(live: LiveComparison): string {
  const [, ...lines] = hasDifference(live) ? liveLines(live) : [];
  return lines.map((line) => `${line}\n`).join('');
}

function hasDifference({ refused, breaks, differs }: LiveComparison): boolean {
  return refused.length + breaks.length + differs.length > 0;
}

function liveLines(live: LiveComparison | undefined): string[] {
  if (!live) return [];
  if (!hasDifference(live)) return ['', 'The live StatefulSet is the same in all immutable fields.'];
  const lines = (title: string, items: readonly LiveDifference[]): string[] =>
    items.length === 0
      ? []
      : [
          '',
          title,
          ...items.flatMap(({ field, live, imported, remedy }) => [
            `  ${field}`,
            `      live:   ${live}`,
            `      import: ${imported}`,
            ...(remedy === undefined ? [] : wrapped(remedy)),
          ]),
        ];
  return [
    ...lines('Kubernetes would refuse the import: these fields of the live StatefulSet are immutable', live.refused),
    ...lines('The import is refused: the live cluster would lose members, data or protection', live.breaks),
    ...lines('The live cluster differs from the file', live.differs),
  ];
}

/** Wraps and indents a text. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines;
}

/** A short form of a value. It never shows the content of a list or a map, which can have secrets. */
function shown(value: Json): string {
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'item' : 'items'}`;
  if (isMap(value)) return `${Object.keys(value).length} ${Object.keys(value).length === 1 ? 'key' : 'keys'}`;
  return value === '' || value === null ? 'nothing' : String(value as string);
}
