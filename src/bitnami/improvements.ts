import type { Context, Finding } from './context';
import type { Values } from './values';

interface Improvement {
  readonly kind: 'safer' | 'differs';
  readonly parameter: string;
  readonly text: string;
  /** Whether it is so with these values; always, without it. */
  readonly applies?: (v: Values) => boolean;
}

/** What an import changes whatever the file says, and why. Figures were measured on three members of the chart 11.3.4. */
const IMPROVEMENTS: readonly Improvement[] = [
  {
    kind: 'safer',
    parameter: 'replicaCount',
    text: 'a member that loses its disk rejoins by itself, as a learner first (the chart’s never does)',
    applies: (v) => v.number('replicaCount') > 1,
  },
  {
    kind: 'safer',
    parameter: 'preUpgradeJob.enabled',
    text: 'members agree on their membership by themselves: no hook blocks an upgrade just when the cluster is sick',
    applies: (v) => v.flag('preUpgradeJob.enabled') && !v.differs('preUpgradeJob.enabled'),
  },
  {
    kind: 'safer',
    parameter: 'readinessProbe.initialDelaySeconds',
    text: 'a member is ready when it is, and not after a minute: a rolling restart took the chart more than three',
    applies: (v) => v.flag('readinessProbe.enabled') && !v.differs('readinessProbe.initialDelaySeconds'),
  },
  {
    kind: 'safer',
    parameter: 'service.ports.peer',
    text: 'the Service for clients has the peer port no more, which is for members only',
    applies: (v) => v.flag('service.enabled') && !v.differs('service.ports.peer'),
  },
  {
    kind: 'safer',
    parameter: 'extraEnvVars',
    text: 'members compare their data when they start and after each compaction (corruptionChecks)',
    applies: (v) => !/_CHECK(_ENABLED)?","value":"false"/.test(JSON.stringify(v.list('extraEnvVars'))),
  },
  {
    kind: 'safer',
    parameter: 'disasterRecovery.enabled',
    text: 'each snapshot is proven before it counts, and a run that hangs has an end',
    applies: (v) => v.flag('disasterRecovery.enabled'),
  },
  {
    kind: 'differs',
    parameter: 'disasterRecovery.enabled',
    text: 'snapshots of the chart stay in their claim, and jobs neither count, restore nor remove them: make the first proven one at once',
    applies: (v) => v.flag('disasterRecovery.enabled'),
  },
  {
    kind: 'differs',
    parameter: 'metrics.useSeparateEndpoint',
    text: 'members have two ports more: metrics (2381) and what they tell each other before etcd runs (2382)',
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
