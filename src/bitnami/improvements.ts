import type { Context, Finding } from './context';
import type { Values } from './values';

interface Improvement {
  readonly kind: 'safer' | 'differs';
  readonly parameter: string;
  readonly text: string;
  /** Whether it applies to these values. Without it, it always applies. */
  readonly applies?: (v: Values) => boolean;
}

/** What an import always changes, and why. Figures were measured on three members of the chart 11.3.4. */
const IMPROVEMENTS: readonly Improvement[] = [
  {
    kind: 'safer',
    parameter: 'replicaCount',
    text: 'a member that loses its volume rejoins on its own, as a learner first (with the chart, it never does)',
    applies: (v) => v.number('replicaCount') > 1,
  },
  {
    kind: 'safer',
    parameter: 'preUpgradeJob.enabled',
    text: 'members manage the member list themselves: no Helm hook blocks an upgrade while the cluster is unhealthy',
    applies: (v) => v.flag('preUpgradeJob.enabled') && !v.differs('preUpgradeJob.enabled'),
  },
  {
    kind: 'safer',
    parameter: 'readinessProbe.initialDelaySeconds',
    text: 'a member is ready as soon as it serves, and not after a minute: with the chart, a rolling restart took more than three minutes',
    applies: (v) => v.flag('readinessProbe.enabled') && !v.differs('readinessProbe.initialDelaySeconds'),
  },
  {
    kind: 'safer',
    parameter: 'service.ports.peer',
    text: 'the Service for clients no longer exposes the peer port, which is for members only',
    applies: (v) => v.flag('service.enabled') && !v.differs('service.ports.peer'),
  },
  {
    kind: 'safer',
    parameter: 'extraEnvVars',
    text: 'members compare their data when they start, and after each compaction (corruptionChecks)',
    applies: (v) => !/_CHECK(_ENABLED)?","value":"false"/.test(JSON.stringify(v.list('extraEnvVars'))),
  },
  {
    kind: 'safer',
    parameter: 'disasterRecovery.enabled',
    text: 'each snapshot is verified before it counts, and a run that hangs is stopped',
    applies: (v) => v.flag('disasterRecovery.enabled'),
  },
  {
    kind: 'differs',
    parameter: 'disasterRecovery.enabled',
    text: 'snapshots of the chart stay on their claim, but jobs neither count, restore nor remove them: take the first verified snapshot at once',
    applies: (v) => v.flag('disasterRecovery.enabled'),
  },
  {
    kind: 'differs',
    parameter: 'metrics.useSeparateEndpoint',
    text: 'members have two more ports: one for metrics (2381), and one on which they tell each other their state before etcd runs (2382)',
    applies: (v) => !v.flag('metrics.useSeparateEndpoint'),
  },
];

export function improvements(c: Context): Finding[] {
  return IMPROVEMENTS.filter(({ applies }) => applies?.(c.values) ?? true).map(({ kind, parameter, text }) => ({
    kind,
    parameter,
    line: c.values.line(parameter),
    text,
  }));
}
