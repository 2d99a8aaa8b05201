import {
  FLAG,
  LIST,
  MAP,
  oneOf,
  TEXT,
  TEXT_MAP,
  TEXT_OR_NULL,
  TEXTS,
  WHOLE,
  WHOLE_OR_NOTHING,
  type Shape,
} from '../shapes';
import type { Values } from '../values';
import type { Json } from '../json';
import { context, PRESETS } from './pod';
import { dropped, mapped, refused, replaced, under, type Verdict, type Verdicts } from './types';

const OWN_JOB = 'the library’s job runs its own script; move yours to a CronJob of your own, or remove it';
const ONE_USER = 'pods of jobs run as the members’ user (cluster.security), so that both can read the snapshots';

/** The chart reads the parameters of a section only if the job is turned on. */
function job(section: string, enabled: string, verdicts: Verdicts): Verdicts {
  return Object.fromEntries(
    Object.entries(verdicts).map(([name, verdict]) => [`${section}.${name}`, { ...verdict, when: enabled } as Verdict]),
  );
}

const sameUser = (shape: Shape, initial: Json): Verdict => dropped(ONE_USER, shape, initial, { missed: true });

const SNAPSHOTS: Verdicts = {
  'disasterRecovery.enabled': mapped('snapshots', FLAG, false),
  ...job('disasterRecovery.cronjob', 'disasterRecovery.enabled', {
    schedule: mapped('snapshots.schedule', TEXT, '*/30 * * * *'),
    historyLimit: mapped('snapshots.successfulJobsHistoryLimit', WHOLE, 1),
    snapshotHistoryLimit: mapped('snapshots.snapshotHistoryLimit', WHOLE, 1),
    snapshotsDir: mapped('snapshots.store', TEXT, '/snapshots', {
      unless: (folder: string) =>
        folder === '/snapshots' || folder.startsWith('/snapshots/')
          ? undefined
          : 'snapshots were written outside the claim, which is mounted at /snapshots, and are lost; remove it',
    }),
    podAnnotations: mapped('snapshots.podAnnotations', TEXT_MAP, {}),
    podLabels: mapped('snapshots.podLabels', TEXT_MAP, {}),
    ...context(sameUser),
    resourcesPreset: mapped('snapshots.resources', PRESETS, 'nano', { ownDefault: true }),
    resources: mapped('snapshots.resources', MAP, {}, { ownDefault: true }),
    nodeSelector: mapped('snapshots.nodeSelector', TEXT_MAP, {}),
    tolerations: mapped('snapshots.tolerations', LIST, []),
    serviceAccountName: mapped('snapshots.serviceAccountName', TEXT, ''),
    command: refused(OWN_JOB, TEXTS, []),
  }),
  ...job('disasterRecovery.pvc', 'disasterRecovery.enabled', {
    existingClaim: mapped('snapshots.store', TEXT, ''),
    size: mapped('snapshots.store', TEXT, '2Gi'),
    storageClassName: mapped('snapshots.store', TEXT_OR_NULL, 'nfs'),
    subPath: mapped('snapshots.store', TEXT, ''),
  }),
  'startFromSnapshot.enabled': mapped('cluster.restoreFrom', FLAG, false),
  ...job('startFromSnapshot', 'startFromSnapshot.enabled', {
    existingClaim: mapped('cluster.restoreFrom', TEXT, '', {
      unless: (claim: string, v: Values) =>
        claim === '' && !v.flag('disasterRecovery.enabled')
          ? 'is required by the chart: set the claim with the snapshot'
          : undefined,
    }),
    snapshotFilename: mapped('cluster.restoreFrom', TEXT, '', {
      unless: (name: string, v: Values) =>
        name === '' && !v.flag('disasterRecovery.enabled')
          ? 'is required by the chart: set the name of the snapshot'
          : undefined,
    }),
  }),
};

const DEFRAG: Verdicts = {
  'defrag.enabled': mapped('defrag', FLAG, false),
  ...job('defrag.cronjob', 'defrag.enabled', {
    startingDeadlineSeconds: mapped('defrag.startingDeadline', WHOLE_OR_NOTHING, ''),
    schedule: mapped('defrag.schedule', TEXT, '0 0 * * *'),
    concurrencyPolicy: replaced('two runs never overlap (Forbid)', oneOf('Allow', 'Forbid', 'Replace'), 'Forbid'),
    suspend: mapped('defrag.suspend', FLAG, false),
    successfulJobsHistoryLimit: mapped('defrag.successfulJobsHistoryLimit', WHOLE, 1),
    failedJobsHistoryLimit: mapped('defrag.failedJobsHistoryLimit', WHOLE, 1),
    labels: mapped('defrag.labels', TEXT_MAP, {}),
    annotations: mapped('defrag.annotations', TEXT_MAP, {}),
    activeDeadlineSeconds: mapped('defrag.activeDeadline', WHOLE_OR_NOTHING, ''),
    restartPolicy: replaced(
      'a failed run is not retried; the next run continues',
      oneOf('OnFailure', 'Never'),
      'OnFailure',
    ),
    podLabels: mapped('defrag.podLabels', TEXT_MAP, {}),
    podAnnotations: mapped('defrag.podAnnotations', TEXT_MAP, {}),
    ...context(sameUser),
    nodeSelector: mapped('defrag.nodeSelector', TEXT_MAP, {}),
    tolerations: mapped('defrag.tolerations', LIST, []),
    serviceAccountName: replaced('its own ServiceAccount, which may only evict members', TEXT, ''),
    command: refused(OWN_JOB, TEXTS, []),
    args: refused(OWN_JOB, TEXTS, []),
    resourcesPreset: mapped('defrag.resources', PRESETS, 'nano', { ownDefault: true }),
    resources: mapped('defrag.resources', MAP, {}, { ownDefault: true }),
    extraEnvVars: dropped('the chart never sets them', LIST, []),
    extraEnvVarsCM: dropped('they were for Bitnami’s script', TEXT, '', { missed: true }),
    extraEnvVarsSecret: dropped('they were for Bitnami’s script', TEXT, '', { missed: true }),
  }),
};

/** The chart's default, a template for the port that serves the metrics. */
export const SCRAPED_PORT =
  '{{ .Values.metrics.useSeparateEndpoint | ternary .Values.containerPorts.metrics .Values.containerPorts.client }}';

const ALERTS_GO_ALONG = 'the alerts are in the namespace of the PodMonitor, with its labels';
const PLAIN = 'metrics have their own port, with plain HTTP';
const MONITORING: Verdicts = under('metrics', {
  enabled: mapped('monitoring', FLAG, false),
  useSeparateEndpoint: mapped('cluster.ports', FLAG, false),
  'podAnnotations.prometheus.io/scrape': mapped('cluster.podAnnotations', TEXT, 'true', { when: 'metrics.enabled' }),
  'podAnnotations.prometheus.io/port': mapped('cluster.podAnnotations', TEXT, SCRAPED_PORT, {
    when: 'metrics.enabled',
  }),
  ...job('podMonitor', 'metrics.podMonitor.enabled', {
    namespace: mapped('monitoring.namespace', TEXT, 'monitoring'),
    interval: mapped('monitoring.interval', TEXT, '30s'),
    scrapeTimeout: mapped('monitoring.scrapeTimeout', TEXT, '30s'),
    additionalLabels: mapped('monitoring.labels', TEXT_MAP, {}),
    scheme: replaced(`http: ${PLAIN}`, oneOf('', 'http', 'https'), 'http'),
    tlsConfig: dropped(PLAIN, MAP, {}),
    relabelings: mapped('monitoring.relabelings', LIST, []),
  }),
  'podMonitor.enabled': mapped('monitoring', FLAG, false, { when: 'metrics.enabled' }),
  ...job('prometheusRule', 'metrics.prometheusRule.enabled', {
    namespace: replaced(ALERTS_GO_ALONG, TEXT, ''),
    additionalLabels: replaced(ALERTS_GO_ALONG, TEXT_MAP, {}),
    rules: dropped('keep your own rules in your own manifest', LIST, [], { missed: true }),
  }),
  'prometheusRule.enabled': replaced('the library’s alerts come with the PodMonitor', FLAG, false, {
    when: 'metrics.enabled',
  }),
});

/** Snapshots, defragmentation and monitoring. */
export const JOBS: Verdicts = { ...SNAPSHOTS, ...DEFRAG, ...MONITORING };
