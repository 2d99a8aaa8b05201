import type { MonitoringConfig } from '../config/monitoring';
import type { Problems } from '../checks/problems';
import { EtcdRelabelAction } from '../props/relabeling';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

/** A relabeling of targets or of samples. */
interface Step {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly replacement?: string;
}

/** Prometheus' defaults. */
const DEFAULT = {
  action: EtcdRelabelAction.REPLACE as string,
  sourceLabels: [] as readonly string[],
  separator: ';',
  targetLabel: '',
  regex: '(.*)',
  replacement: '$1',
};

type Labels = ReadonlyMap<string, string>;

/** Metrics without which alerts and the dashboard say nothing. */
const NEEDED = [
  'etcd_server_has_leader',
  'etcd_mvcc_db_total_size_in_bytes',
  'etcd_server_quota_backend_bytes',
  'etcd_disk_wal_fsync_duration_seconds_bucket',
];

/** Relabelings after which alerts and the dashboard no longer find the members. */
export function checkRelabelings(monitoring: MonitoringConfig, problems: Problems, warnings: Warnings): void {
  const member: [string, string][] = [
    ['namespace', 'a'],
    ['pod', 'etcd-0'],
    ['container', 'etcd'],
    ['endpoint', 'metrics'],
    ['job', 'etcd'],
  ];
  const loss = problems.touch('relabelings') ? undefined : lossOf(monitoring.relabelings ?? [], new Map(member));
  if (loss !== undefined)
    warnings.add(EtcdWarning.LOST_METRICS, `relabelings[${loss.step}]: ${loss.what}; change or remove it`);
  if (problems.touch('metricRelabelings')) return;
  const losses = NEEDED.map((name) =>
    lossOf(monitoring.metricRelabelings ?? [], new Map([...member, ['__name__', name]])),
  );
  const first = losses.find((one) => one !== undefined);
  if (first !== undefined)
    warnings.add(EtcdWarning.LOST_METRICS, `metricRelabelings[${first.step}]: ${first.what}; change or remove it`);
}

interface Loss {
  readonly step: number;
  readonly what: string;
}

/** The first step that takes something away. */
function lossOf(steps: readonly Step[], before: Labels): Loss | undefined {
  let labels: Labels = before;
  for (const [step, relabeling] of steps.entries()) {
    const after = relabel(relabeling, labels);
    const name = before.get('__name__');
    if (after === undefined)
      return {
        step,
        what:
          name === undefined
            ? 'drops all members, so nothing is scraped'
            : `drops ${name}, which alerts and the dashboard need`,
      };
    const lost = ['namespace', 'pod', '__name__'].find((label) => after.get(label) !== before.get(label));
    if (lost !== undefined)
      return { step, what: `changes or removes the label ${lost}, by which alerts and the dashboard find the members` };
    labels = after;
  }
  return undefined;
}

/** One relabeling, as Prometheus does it. Undefined if it drops the target or the sample. */
function relabel(step: Step, labels: Labels): Labels | undefined {
  const { action, separator, sourceLabels, targetLabel, replacement, regex: pattern } = { ...DEFAULT, ...step };
  const regex = anchored(pattern);
  if (regex === undefined || sourceLabels.some((label) => label.startsWith('__meta_'))) return labels; // not known here
  const value = sourceLabels.map((label) => labels.get(label) ?? '').join(separator);
  const isEqual = value === (labels.get(targetLabel) ?? '');
  switch (action.toLowerCase() as EtcdRelabelAction) {
    case EtcdRelabelAction.KEEP:
      return regex.test(value) ? labels : undefined;
    case EtcdRelabelAction.DROP:
      return regex.test(value) ? undefined : labels;
    case EtcdRelabelAction.KEEPEQUAL:
      return isEqual ? labels : undefined;
    case EtcdRelabelAction.DROPEQUAL:
      return isEqual ? undefined : labels;
    case EtcdRelabelAction.LABELDROP:
      return new Map([...labels].filter(([label]) => !regex.test(label)));
    case EtcdRelabelAction.LABELKEEP:
      return new Map([...labels].filter(([label]) => regex.test(label)));
    case EtcdRelabelAction.LABELMAP:
      return new Map([...labels, ...mapped(labels, regex, replacement)]);
    case EtcdRelabelAction.HASHMOD:
      return new Map([...labels, [targetLabel, '0']]);
    case EtcdRelabelAction.LOWERCASE:
      return new Map([...labels, [targetLabel, value.toLowerCase()]]);
    case EtcdRelabelAction.UPPERCASE:
      return new Map([...labels, [targetLabel, value.toUpperCase()]]);
    default:
      return regex.test(value)
        ? new Map([...labels, [targetLabel, value.replace(regex, groups(replacement))]])
        : labels;
  }
}

function mapped(labels: Labels, regex: RegExp, replacement: string): [string, string][] {
  return [...labels]
    .filter(([label]) => regex.test(label))
    .map(([label, value]) => [label.replace(regex, groups(replacement)), value]);
}

/** `${1}` and `$1` are groups in Go, and `$1` is one in JavaScript. */
function groups(replacement: string): string {
  return replacement.replace(/\$\{(\d+)\}/g, '$$$1').replace(/\$\{(\w+)\}/g, '$$<$1>');
}

/** Undefined for what JavaScript does not know of Go's expressions. */
function anchored(regex: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${regex.replace(/\(\?P</g, '(?<')})$`, 's');
  } catch {
    return undefined;
  }
}
