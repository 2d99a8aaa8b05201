import { toJson_PodMonitorSpecPodMetricsEndpointsRelabelings } from '../../../imports/monitoring.coreos.com';
import type { Context } from '../context';
import { duration, made, member, type Plain, type PlainObject } from '../expression';
import { propsBy } from '../kubernetes';
import { isMap } from '../json';
import { DEFAULTS } from '../../constants/defaults';
import { prometheusSeconds } from '../../grammar/prometheus-duration';
import { EtcdRelabelAction } from '../../props/relabeling';
import { jobResources } from './resources';

const SNAPSHOTS = 'disasterRecovery.cronjob';

export function snapshots(c: Context): PlainObject | undefined {
  const { values } = c;
  if (!values.flag('disasterRecovery.enabled')) return undefined;
  const at = (name: string): string => `${SNAPSHOTS}.${name}`;
  const limit = values.number(at('snapshotHistoryLimit'));
  if (limit < 1)
    c.change('differs', at('snapshotHistoryLimit'), 'becomes 1, because a job that keeps no snapshot is useless');
  return {
    schedule: values.text(at('schedule')),
    store: store(c),
    snapshotHistoryLimit: Math.max(1, limit),
    successfulJobsHistoryLimit: c.unless(at('historyLimit'), 1),
    resources: jobResources(c, SNAPSHOTS),
    podLabels: c.texts(at('podLabels')),
    podAnnotations: c.texts(at('podAnnotations')),
    ...placement(c, SNAPSHOTS),
    serviceAccountName: c.text(at('serviceAccountName')),
  };
}

/** The chart's jobs do not use the members' node selectors and tolerations. Empty ones do the same here. */
function placement(c: Context, section: string): PlainObject {
  const { values } = c;
  const lent = (parameter: string): boolean => Object.keys(values.map(parameter)).length > 0;
  return {
    nodeSelector: c.texts(`${section}.nodeSelector`) ?? (lent('nodeSelector') ? {} : undefined),
    tolerations:
      c.kubernetesList(`${section}.tolerations`, 'Toleration') ??
      (values.list('tolerations').length > 0 ? [] : undefined),
  };
}

/** The store to which the chart's job writes. */
function store(c: Context): Plain {
  const { values } = c;
  const below = values
    .text(`${SNAPSHOTS}.snapshotsDir`)
    .replace(/^\/snapshots\/?/, '')
    .replace(/\/+$/, '');
  const subPath =
    [values.text('disasterRecovery.pvc.subPath'), below].filter((part) => part !== '').join('/') || undefined;
  const existing = c.text('disasterRecovery.pvc.existingClaim') ?? c.text('startFromSnapshot.existingClaim');
  if (existing !== undefined) return made('EtcdSnapshotStore', 'existingClaim', existing, { subPath });
  const storageClass = values.get('disasterRecovery.pvc.storageClassName');
  return made('EtcdSnapshotStore', 'persistentVolumeClaim', {
    subPath,
    size: values.text('disasterRecovery.pvc.size'),
    // The chart writes the empty text, and leaves out only null.
    storageClassName: storageClass === null ? undefined : String(storageClass as string),
    accessModes: [member('EtcdAccessMode', 'ReadWriteMany')],
  });
}

/** A snapshot for a cluster without data, which the chart and the library restore. */
export function restoreFrom(c: Context, existing: boolean | undefined): Plain {
  const { values } = c;
  const section = 'startFromSnapshot';
  if (!values.flag(`${section}.enabled`)) return undefined;
  if (existing === true) {
    const by = c.live ? '--live' : 'existingCluster';
    c.change(
      'differs',
      `${section}.enabled`,
      `is left out, because the cluster is running (${by}) and its data must not be replaced; turn it off`,
      [`${section}.existingClaim`, `${section}.snapshotFilename`],
    );
    return undefined;
  }
  if (existing === undefined)
    c.find(
      'danger',
      `${section}.enabled`,
      'is imported for a cluster without data: members may start empty and restore this snapshot. If the cluster is running, use ' +
        '--live FILE (existingCluster: true of fromBitnamiValues), or turn it off',
    );
  const claim =
    c.text('startFromSnapshot.existingClaim') ??
    c.text('disasterRecovery.pvc.existingClaim') ??
    `${c.fullname}-snapshotter`;
  const subPath = values.flag('disasterRecovery.enabled') ? c.text('disasterRecovery.pvc.subPath') : undefined;
  const file = c.text('startFromSnapshot.snapshotFilename');
  if (file === undefined) {
    c.find(
      'differs',
      `${section}.snapshotFilename`,
      'is empty, so the chart restored the newest snapshot. The import restores the newest verified one, but snapshots of the chart are not verified: ' +
        'to restore one of them, set its name',
    );
    return made('EtcdRestore', 'newestFromClaim', claim, { subPath });
  }
  return made('EtcdRestore', 'fromClaim', claim, file, { subPath });
}

const DEFRAG = 'defrag.cronjob';

export function defrag(c: Context): PlainObject | undefined {
  const { values } = c;
  if (!values.flag('defrag.enabled')) return undefined;
  const at = (name: string): string => `${DEFRAG}.${name}`;
  const seconds = (name: string, least: number, why: string): Plain => {
    const value = Number(values.get(at(name)));
    if (values.get(at(name)) === '') return undefined;
    if (value === 0) {
      c.change('differs', at(name), 'is 0, which Helm leaves out; the import uses the library’s default');
      return undefined;
    }
    if (value < least) c.change('differs', at(name), `becomes ${least} s: ${why}`);
    return duration(Math.max(least, value));
  };
  const few = values.number('replicaCount') < 3;
  if (few)
    c.find(
      'differs',
      'defrag.enabled',
      'with fewer than three members, each defragments while it runs, and blocks its clients until it is done',
    );
  return {
    schedule: values.text(at('schedule')),
    method: few ? member('EtcdDefragMethod', 'online') : undefined,
    suspend: c.unless(at('suspend'), false),
    startingDeadline: seconds('startingDeadlineSeconds', 10, 'Kubernetes checks every 10 s'),
    activeDeadline: seconds(
      'activeDeadlineSeconds',
      DEFAULTS.defrag.activeDeadline,
      'it was for one call of etcdctl, but now the job restarts all members one after another',
    ),
    successfulJobsHistoryLimit: values.number(at('successfulJobsHistoryLimit')),
    failedJobsHistoryLimit: values.number(at('failedJobsHistoryLimit')),
    resources: jobResources(c, DEFRAG),
    labels: c.texts(at('labels')),
    annotations: c.texts(at('annotations')),
    podLabels: c.texts(at('podLabels')),
    podAnnotations: c.texts(at('podAnnotations')),
    ...placement(c, DEFRAG),
  };
}

const MONITOR = 'metrics.podMonitor';

export function monitoring(c: Context): PlainObject | undefined {
  const { values } = c;
  if (!values.flag('metrics.enabled') || !values.flag(`${MONITOR}.enabled`)) return undefined;
  const interval = monitorSeconds(
    c,
    'interval',
    30,
    120,
    'a sample is stale after 5 minutes, and alerts need two samples',
  );
  const timeout = monitorSeconds(c, 'scrapeTimeout', 10, interval, 'the operator refuses more than the interval');
  const namespace = c.text(`${MONITOR}.namespace`);
  c.find(
    'differs',
    `${MONITOR}.enabled`,
    'the label job of the metrics becomes the name of the release instead of the PodMonitor’s; check your dashboards',
  );
  return {
    namespace: namespace === values.release.namespace ? undefined : namespace,
    interval: duration(interval),
    scrapeTimeout: duration(timeout),
    labels: c.texts(`${MONITOR}.additionalLabels`),
    relabelings: relabelings(c),
  };
}

/** A duration in whole seconds, which the library uses. */
function monitorSeconds(c: Context, name: string, initial: number, most: number, why: string): number {
  const parameter = `${MONITOR}.${name}`;
  const text = c.text(parameter);
  const exact = text === undefined ? undefined : prometheusSeconds(text);
  if (text !== undefined && (exact === undefined || exact < 1)) {
    c.refuse(parameter, 'expected a duration of at least one second, such as 30s');
    return initial;
  }
  const seconds = Math.min(most, Math.round(exact ?? initial));
  if (exact === undefined)
    c.change('differs', parameter, `is empty, which means Prometheus’ default; becomes ${seconds} s`);
  else if (exact > most) c.change('differs', parameter, `becomes ${seconds} s: ${why}`);
  else if (seconds !== exact)
    c.change('differs', parameter, `becomes ${seconds} s, because the library uses whole seconds`);
  return seconds;
}

function relabelings(c: Context): Plain {
  const parameter = `${MONITOR}.relabelings`;
  const items = c.values.list(parameter);
  if (items.length === 0) return undefined;
  return items.map((item, i) => {
    const wrong = (path: string, problem = 'unknown key in the Prometheus operator; remove it'): void => {
      c.refuse(parameter, `[${i}].${path}: ${problem}`);
    };
    if (!isMap(item)) {
      c.refuse(parameter, `[${i}]: expected a map`);
      return {};
    }
    const props = propsBy(toJson_PodMonitorSpecPodMetricsEndpointsRelabelings, item, wrong) as PlainObject;
    return props.action === undefined
      ? props
      : { ...props, action: action(c, parameter, String(props.action as string)) };
  });
}

function action(c: Context, parameter: string, value: string): Plain {
  const found = member('EtcdRelabelAction', value.toLowerCase());
  if (!found) c.refuse(parameter, `action: expected one of ${Object.values(EtcdRelabelAction).join(', ')}`);
  return found;
}
