import { DEFAULTS } from '../constants/defaults';
import { parseVersion } from '../constants/version';
import { prometheusSeconds } from '../grammar/prometheus-duration';
import { quantityBytes, quantityProblem } from '../grammar/quantity';
import type { Context, Finding } from './context';
import { versionOf } from './names';
import { isMap } from './json';
import type { Values } from './values';

interface Danger {
  readonly parameter: string;
  /** What the chart does with these values. Undefined if they are not affected. */
  tell(v: Values): string | undefined;
}

const GIB = 1024 ** 3;
const RECOVERY = 'disasterRecovery.enabled';
const CRON = 'disasterRecovery.cronjob';

/** Problems of a release with these values. Figures were measured on three members of the chart 11.3.4. */
const DANGERS: readonly Danger[] = [
  {
    parameter: RECOVERY,
    tell: (v) =>
      v.flag(RECOVERY)
        ? 'after a full restart, disasterRecovery rolls back to the newest snapshot: members that see too few others replace intact ' +
          'data (430 and 492 acknowledged writes were lost in two trials). With the import, a snapshot is ' +
          'restored only when all members have lost their data'
        : undefined,
  },
  {
    parameter: RECOVERY,
    tell: (v) =>
      v.flag(RECOVERY)
        ? 'every member mounts the claim of the snapshots: if the claim hangs, members hang. With the import, only the job mounts it'
        : undefined,
  },
  {
    parameter: `${CRON}.snapshotHistoryLimit`,
    tell: (v) => {
      const limit = v.number(`${CRON}.snapshotHistoryLimit`);
      return v.flag(RECOVERY)
        ? `${limit + 1} snapshots are kept, not ${limit}, and none of them is verified. The import keeps ${Math.max(1, limit)}, all verified; ` +
            `the library’s default is ${DEFAULTS.snapshots.snapshotHistoryLimit}`
        : undefined;
    },
  },
  {
    parameter: 'configuration',
    tell: (v) =>
      v.text('configuration') !== ''
        ? 'configuration was never applied: the chart writes it to a file that etcd does not read. If you need a setting of it, use a prop'
        : undefined,
  },
  {
    parameter: 'metrics.enabled',
    tell: (v) =>
      v.flag('metrics.enabled') && !v.flag('metrics.useSeparateEndpoint') && v.flag('networkPolicy.enabled')
        ? 'metrics.enabled opened the client port to all, whatever networkPolicy.allowExternal says, because it serves the metrics. ' +
          'With the import, metrics have their own port'
        : undefined,
  },
  {
    parameter: 'auth.token.enabled',
    tell: (v) =>
      !v.flag('auth.rbac.create') &&
      v.flag('auth.token.enabled') &&
      v.text('auth.token.type') === 'jwt' &&
      v.text('auth.token.privateKey.existingSecret') === ''
        ? 'each `helm template` and the first upgrade create a new random JWT key and restart all members, although nothing uses the key'
        : undefined,
  },
  {
    parameter: 'defrag.enabled',
    tell: (v) =>
      v.flag('defrag.enabled')
        ? 'members defragment while they serve clients, the leader at any time, and the job continues after a failure: 16 to 48 of about 2000 ' +
          (v.number('replicaCount') < 3
            ? 'writes failed per run (of three members). The import does the same, because fewer than three members cannot defragment without failed writes'
            : 'writes failed per run. With the import, each member transfers leadership first (0 of 7005 writes failed)')
        : undefined,
  },
  {
    parameter: 'defrag.cronjob.extraEnvVars',
    tell: (v) =>
      v.flag('defrag.enabled') && v.list('defrag.cronjob.extraEnvVars').length > 0
        ? 'these variables were never set: the chart sets the members’ extraEnvVars instead'
        : undefined,
  },
  {
    parameter: 'service.ports.client',
    tell: (v) =>
      v.flag('defrag.enabled') && v.get('service.ports.client') !== v.get('containerPorts.client')
        ? 'defragmentation never worked: it used the Service’s port, on which members do not listen'
        : undefined,
  },
  {
    parameter: 'pdb.maxUnavailable',
    tell: (v) =>
      v.flag('pdb.create') && v.get('pdb.maxUnavailable') !== '' && v.get('pdb.minAvailable') !== ''
        ? 'there was no PodDisruptionBudget: Kubernetes refuses maxUnavailable together with minAvailable (51% unless you set it)'
        : undefined,
  },
  {
    parameter: 'startFromSnapshot.enabled',
    tell: (v) =>
      v.flag('startFromSnapshot.enabled')
        ? 'as long as it is on, a member that loses its volume restores the old snapshot into the running cluster and never starts again, and no member ' +
          'starts after the file is deleted. With the import, it is restored once, into a cluster without data'
        : undefined,
  },
  { parameter: 'extraEnvVars', tell: quota },
  {
    parameter: 'autoCompactionRetention',
    tell: (v) =>
      v.text('autoCompactionRetention') === '' && !envOf(v, 'ETCD_AUTO_COMPACTION_RETENTION')
        ? 'nothing compacts: old revisions stay until the quota is used up and etcd refuses writes, unless your clients compact. The import ' +
          'does the same; remove autoCompaction for the library’s default of one hour'
        : undefined,
  },
  { parameter: 'resourcesPreset', tell: preset },
  {
    parameter: 'replicaCount',
    tell: (v) => {
      const n = v.number('replicaCount');
      if (n === 1)
        return 'one member tolerates no failure, and each restart is an outage; 3 members tolerate one failure';
      return n % 2 === 0 ? `${n} members tolerate no more failures than ${n - 1}` : undefined;
    },
  },
  {
    parameter: 'auth.rbac.allowNoneAuthentication',
    tell: (v) =>
      !v.flag('auth.rbac.allowNoneAuthentication')
        ? 'without users, Bitnami’s image does not start if this is false'
        : undefined,
  },
  {
    parameter: 'persistence.enabled',
    tell: (v) => (!v.flag('persistence.enabled') ? 'the data of a pod is lost when the pod is deleted' : undefined),
  },
  {
    parameter: 'persistentVolumeClaimRetentionPolicy.enabled',
    tell: (v) =>
      v.flag('persistentVolumeClaimRetentionPolicy.enabled') &&
      ['whenScaled', 'whenDeleted'].some((key) => v.text(`persistentVolumeClaimRetentionPolicy.${key}`) === 'Delete')
        ? 'Kubernetes deletes claims and their data when members or the StatefulSet are deleted; the import does the same. Before ' +
          'anything else, set Retain on the live StatefulSet with kubectl patch, because the migration deletes it with --cascade=orphan'
        : undefined,
  },
  {
    parameter: 'metrics.podMonitor.scrapeTimeout',
    tell: (v) =>
      v.flag('metrics.enabled') && v.flag('metrics.podMonitor.enabled') && longer(v)
        ? 'nothing was scraped: the Prometheus operator refuses a timeout above the interval. It becomes the interval'
        : undefined,
  },
  {
    parameter: 'networkPolicy.allowExternal',
    tell: (v) =>
      v.flag('networkPolicy.enabled') && v.flag('networkPolicy.allowExternal')
        ? 'the peer port was open to all: each client that reaches it can send Raft messages to members. With the import, only members can connect'
        : undefined,
  },
  {
    parameter: 'lifecycleHooks',
    tell: (v) =>
      JSON.stringify(v.map('lifecycleHooks')).includes('prestop.sh')
        ? 'prestop.sh removes the member from the member list each time its pod stops, at each drain and upgrade. It is left out'
        : undefined,
  },
  {
    parameter: 'image.repository',
    tell: (v) =>
      /(^|\/)bitnamilegacy\//.test(v.text('image.repository'))
        ? 'has not been updated since August 2025, neither etcd nor its base image. It is kept for the first rollout; then use ' +
          'EtcdImage.upstream of the same version'
        : undefined,
  },
  {
    parameter: 'image.tag',
    tell: (v) => {
      const version = versionOf(v.text('image.tag'));
      if (version === undefined) return undefined;
      const { minor, patch } = parseVersion(version);
      return minor === 5 && patch < 26
        ? `etcd ${version}: upgrade to 3.5.26 or later before 3.6, or members that were removed long ago come back`
        : undefined;
    },
  },
];

/** The dangers of a file, in the order above. */
export function dangers(c: Context): Finding[] {
  return DANGERS.flatMap(({ parameter, tell }) => {
    const text = tell(c.values);
    return text === undefined ? [] : [{ kind: 'danger', parameter, line: c.values.line(parameter), text } as const];
  });
}

function envOf(v: Values, name: string): string | undefined {
  const variable = [...v.list('extraEnvVars')].reverse().find((item) => isMap(item) && item.name === name);
  return isMap(variable) && typeof variable.value === 'string' ? variable.value : undefined;
}

function quota(v: Values): string | undefined {
  const bytes = Number(envOf(v, 'ETCD_QUOTA_BACKEND_BYTES') ?? 2 * GIB);
  const size = v.text('persistence.size');
  if (!v.flag('persistence.enabled') || quantityProblem(size) !== undefined) return undefined;
  return 2 * bytes + GIB > quantityBytes(size)
    ? `a quota of ${(bytes / GIB).toFixed(1)} GiB on a claim of ${size} leaves no room for the write-ahead log and for defragmentation`
    : undefined;
}

function preset(v: Values): string | undefined {
  const name = v.text('resourcesPreset');
  const small = Object.keys(v.map('resources')).length === 0 && ['nano', 'micro', 'small', 'medium'].includes(name);
  return small ? `${name} is for trials: members with 1 GiB of data run out of memory and are killed` : undefined;
}

function longer(v: Values): boolean {
  const [timeout, interval] = ['scrapeTimeout', 'interval'].map((name) =>
    prometheusSeconds(v.text(`metrics.podMonitor.${name}`)),
  );
  return timeout !== undefined && interval !== undefined && timeout > interval;
}
