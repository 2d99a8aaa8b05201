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
  /** What the chart does with these values; undefined when it does not. */
  tell(v: Values): string | undefined;
}

const GIB = 1024 ** 3;
const RECOVERY = 'disasterRecovery.enabled';
const CRON = 'disasterRecovery.cronjob';

/** What a release with these values does to its owner. Figures were measured on three members of the chart 11.3.4. */
const DANGERS: readonly Danger[] = [
  {
    parameter: RECOVERY,
    tell: (v) =>
      v.flag(RECOVERY)
        ? 'disasterRecovery would have rolled you back after a full restart: members that see too few others replace intact ' +
          'data by the newest snapshot (430 and 492 acknowledged writes were lost in two trials). Now a snapshot is ' +
          'restored only when all members have lost their data'
        : undefined,
  },
  {
    parameter: RECOVERY,
    tell: (v) =>
      v.flag(RECOVERY)
        ? 'every member mounts the claim of the snapshots: where it hangs, members hang. Now only the job does'
        : undefined,
  },
  {
    parameter: `${CRON}.snapshotHistoryLimit`,
    tell: (v) => {
      const limit = v.number(`${CRON}.snapshotHistoryLimit`);
      return v.flag(RECOVERY)
        ? `${limit + 1} snapshots are kept, not ${limit}, and none is ever proven to be whole. The import keeps ${Math.max(1, limit)}, all proven; ` +
            `that is little: the library's own default is ${DEFAULTS.snapshots.snapshotHistoryLimit}`
        : undefined;
    },
  },
  {
    parameter: 'configuration',
    tell: (v) =>
      v.text('configuration') !== ''
        ? 'configuration was never applied: the chart writes it to a file that etcd does not read. Do you want what it says?'
        : undefined,
  },
  {
    parameter: 'metrics.enabled',
    tell: (v) =>
      v.flag('metrics.enabled') && !v.flag('metrics.useSeparateEndpoint') && v.flag('networkPolicy.enabled')
        ? 'metrics.enabled opened the client port to everybody, whatever networkPolicy.allowExternal says: metrics are served there. ' +
          'Now they have a port of their own'
        : undefined,
  },
  {
    parameter: 'auth.token.enabled',
    tell: (v) =>
      !v.flag('auth.rbac.create') &&
      v.flag('auth.token.enabled') &&
      v.text('auth.token.type') === 'jwt' &&
      v.text('auth.token.privateKey.existingSecret') === ''
        ? 'a random JWT key is made anew by each `helm template` and by the first upgrade, and restarts all members for it; nobody uses it'
        : undefined,
  },
  {
    parameter: 'defrag.enabled',
    tell: (v) =>
      v.flag('defrag.enabled')
        ? 'members defragment while clients use them, the leader at any place, and on after a failure: 16 to 48 of about 2000 ' +
          (v.number('replicaCount') < 3
            ? 'writes failed per run (of three members), and fewer have nobody to hand over to: it stays so'
            : 'writes failed per run. Now each member hands over first (0 of 7005 failed)')
        : undefined,
  },
  {
    parameter: 'defrag.cronjob.extraEnvVars',
    tell: (v) =>
      v.flag('defrag.enabled') && v.list('defrag.cronjob.extraEnvVars').length > 0
        ? 'these variables never arrived: the chart sets the members’ extraEnvVars instead'
        : undefined,
  },
  {
    parameter: 'service.ports.client',
    tell: (v) =>
      v.flag('defrag.enabled') && v.get('service.ports.client') !== v.get('containerPorts.client')
        ? 'defragmentation asked members on the Service’s port, where they do not listen: it never worked'
        : undefined,
  },
  {
    parameter: 'pdb.maxUnavailable',
    tell: (v) =>
      v.flag('pdb.create') && v.get('pdb.maxUnavailable') !== '' && v.get('pdb.minAvailable') !== ''
        ? 'with minAvailable (51 % unless you set it) beside it, Kubernetes refuses the PodDisruptionBudget: there was none'
        : undefined,
  },
  {
    parameter: 'startFromSnapshot.enabled',
    tell: (v) =>
      v.flag('startFromSnapshot.enabled')
        ? 'left on, a member that loses its disk restores the old snapshot into the living cluster and never starts again, and none ' +
          'starts once the file is gone. Now it is restored once, into a cluster without data'
        : undefined,
  },
  { parameter: 'extraEnvVars', tell: quota },
  {
    parameter: 'autoCompactionRetention',
    tell: (v) =>
      v.text('autoCompactionRetention') === '' && !envOf(v, 'ETCD_AUTO_COMPACTION_RETENTION')
        ? 'nothing compacts: old revisions stay until the quota is full and etcd refuses writes, unless your clients compact. The import ' +
          'keeps it so; remove autoCompaction for the library’s default of one hour'
        : undefined,
  },
  { parameter: 'resourcesPreset', tell: preset },
  {
    parameter: 'replicaCount',
    tell: (v) => {
      const n = v.number('replicaCount');
      if (n === 1) return 'one member stands no failure, and each restart is an outage; 3 stand one';
      return n % 2 === 0 ? `${n} members stand no more failures than ${n - 1}` : undefined;
    },
  },
  {
    parameter: 'auth.rbac.allowNoneAuthentication',
    tell: (v) =>
      !v.flag('auth.rbac.allowNoneAuthentication')
        ? 'without users, Bitnami’s image refuses to start when this is false'
        : undefined,
  },
  {
    parameter: 'persistence.enabled',
    tell: (v) => (!v.flag('persistence.enabled') ? 'data are lost with their pod' : undefined),
  },
  {
    parameter: 'persistentVolumeClaimRetentionPolicy.enabled',
    tell: (v) =>
      v.flag('persistentVolumeClaimRetentionPolicy.enabled') &&
      ['whenScaled', 'whenDeleted'].some((key) => v.text(`persistentVolumeClaimRetentionPolicy.${key}`) === 'Delete')
        ? 'Kubernetes deletes claims, and the data with them, when members or the StatefulSet go; the import keeps it so. Before ' +
          'anything else, kubectl patch the live StatefulSet to Retain: to adopt it, it is deleted with --cascade=orphan'
        : undefined,
  },
  {
    parameter: 'metrics.podMonitor.scrapeTimeout',
    tell: (v) =>
      v.flag('metrics.enabled') && v.flag('metrics.podMonitor.enabled') && longer(v)
        ? 'a timeout above the interval is refused by the Prometheus operator: nothing was scraped. It becomes the interval'
        : undefined,
  },
  {
    parameter: 'networkPolicy.allowExternal',
    tell: (v) =>
      v.flag('networkPolicy.enabled') && v.flag('networkPolicy.allowExternal')
        ? 'the peer port was open to everybody, too: whoever reaches it can speak Raft to members. Now only members can'
        : undefined,
  },
  {
    parameter: 'lifecycleHooks',
    tell: (v) =>
      JSON.stringify(v.map('lifecycleHooks')).includes('prestop.sh')
        ? 'prestop.sh removes the member from the cluster whenever its pod stops, at each drain and upgrade. It is left out'
        : undefined,
  },
  {
    parameter: 'image.repository',
    tell: (v) =>
      /(^|\/)bitnamilegacy\//.test(v.text('image.repository'))
        ? 'is frozen since August 2025: no fix of etcd or of its base will ever be there. It is kept for the first roll; let ' +
          'EtcdImage.upstream of the same version follow'
        : undefined,
  },
  {
    parameter: 'image.tag',
    tell: (v) => {
      const version = versionOf(v.text('image.tag'));
      if (version === undefined) return undefined;
      const { minor, patch } = parseVersion(version);
      return minor === 5 && patch < 26
        ? `etcd ${version}: go to 3.5.26 or later before 3.6, or members that were removed long ago come back`
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
    ? `a quota of ${(bytes / GIB).toFixed(1)} GiB on a claim of ${size} leaves no room for the log and for defragmentation`
    : undefined;
}

function preset(v: Values): string | undefined {
  const name = v.text('resourcesPreset');
  const small = Object.keys(v.map('resources')).length === 0 && ['nano', 'micro', 'small', 'medium'].includes(name);
  return small ? `${name} is for trials: members with data of a GiB are killed for memory` : undefined;
}

function longer(v: Values): boolean {
  const [timeout, interval] = ['scrapeTimeout', 'interval'].map((name) =>
    prometheusSeconds(v.text(`metrics.podMonitor.${name}`)),
  );
  return timeout !== undefined && interval !== undefined && timeout > interval;
}
