import { memberPattern } from '../../config/etcd-options';
import { MINUTE } from '../../constants/time';
import { VOLUME } from '../../constants/names';
import { EtcdAlert } from '../../props/alerts';
import { series, type Alert, type AlertContext } from './alert';

/** How full the members' volumes are, from kubelet. An emptyDir has no such metrics. */
export function volumeAlerts(ctx: AlertContext): Alert[] {
  const { alerts, cluster } = ctx;
  if (!cluster.storage.claim) return [];
  const of = (metric: string): string => {
    const claims = { persistentvolumeclaim: `${VOLUME.data}-${memberPattern(cluster)}` };
    return `max by (persistentvolumeclaim) (${series(ctx, `kubelet_volume_stats_${metric}_bytes`, {}, claims)})`;
  };
  const used = `100 - 100 * ${of('available')} / ${of('capacity')}`;
  const { volumeWarningPercent: warning, volumeCriticalPercent: critical } = alerts;
  return [
    {
      name: EtcdAlert.VOLUME_FILLING,
      severity: 'warning',
      expr: `(${used}) > ${warning} <= ${critical}`,
      forSeconds: 10 * MINUTE,
      ...above(warning),
    },
    {
      name: EtcdAlert.VOLUME_FULL,
      severity: 'critical',
      expr: `(${used}) > ${critical}`,
      forSeconds: 5 * MINUTE,
      ...above(critical),
    },
  ];
}

function above(percent: number): Pick<Alert, 'summary' | 'description'> {
  return {
    summary: `volume {{ $labels.persistentvolumeclaim }} is more than ${percent}% full`,
    description:
      'The volume of claim {{ $labels.persistentvolumeclaim }} is {{ $value | printf "%.0f" }}% full. etcd stops when its volume is full, and the volumes of the ' +
      'other members fill at the same pace. Find out what fills it: the database, the log, or data that was set aside. Then make the volume larger.',
  };
}
