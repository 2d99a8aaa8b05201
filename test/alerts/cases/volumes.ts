import { EtcdAlert } from '../../../src';
import { flat, type Case, type Series } from '../promtool';

const GIB = 1024 ** 3;
const FULL = '{namespace="etcd-cluster",persistentvolumeclaim="data-etcd-1"}';
const OTHER = '{namespace="etcd-cluster",persistentvolumeclaim="data-other-1"}';

/** The share of a volume that is used, as its kubelet has it. */
const used = (percent: number, labels = FULL): Series => ({
  [`kubelet_volume_stats_available_bytes${labels}`]: flat(10 * GIB * (1 - percent / 100)),
  [`kubelet_volume_stats_capacity_bytes${labels}`]: flat(10 * GIB),
});
const fires = [{ persistentvolumeclaim: 'data-etcd-1' }];

export const VOLUME_CASES: Case[] = [
  { alert: EtcdAlert.VOLUME_FILLING, when: '81 % are used', series: used(81), at: '10m', fires },
  { alert: EtcdAlert.VOLUME_FILLING, when: '81 % are used for less', series: used(81), at: '9m' },
  { alert: EtcdAlert.VOLUME_FILLING, when: '79 % are used', series: used(79), at: '60m' },
  { alert: EtcdAlert.VOLUME_FILLING, when: 'it is nearly full', series: used(91), at: '60m' },
  { alert: EtcdAlert.VOLUME_FULL, when: '91 % are used', series: used(91), at: '5m', fires },
  { alert: EtcdAlert.VOLUME_FULL, when: '89 % are used', series: used(89), at: '60m' },
  { alert: EtcdAlert.VOLUME_FULL, when: 'it is the volume of another cluster', series: used(99, OTHER), at: '60m' },
];
