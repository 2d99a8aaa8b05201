import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import type { DrillConfig, SnapshotsConfig } from '../config/snapshots';
import { LEAST } from '../constants/least';
import { quantityBytes } from '../grammar/quantity';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Sizes that do not fit each other. What has a problem of its own is left out. */
export function checkSizes(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  if (problems.touch('quotaBackend')) return;
  checkRequest(config, problems, warnings);
  checkThresholds(config, problems);
  checkQuota(config, problems);
  warnOfQuota(config, warnings);
  if (!problems.touch('storage')) warnOfVolume(config, warnings);
  if (!problems.touch('resources')) warnOfMemory(config, warnings);
}

function checkRequest({ etcd }: ClusterConfig, problems: Problems, warnings: Warnings): void {
  if (problems.touch('maxRequest')) return;
  if (etcd.maxRequest >= etcd.quotaBackend)
    problems.add(
      'maxRequest',
      `expected less than the quota of ${inUnits(etcd.quotaBackend)}, because a larger request can never be written; lower it`,
      inUnits(etcd.maxRequest),
    );
  else if (etcd.maxRequest > 10 * MIB)
    warnings.add(
      EtcdWarning.LARGE_REQUEST,
      `maxRequest: requests of up to ${inUnits(etcd.maxRequest)} are above 10Mi, the largest that the etcd project recommends: each delays heartbeats and all other writes; use 10Mi or less`,
    );
}

function checkThresholds({ etcd }: ClusterConfig, problems: Problems): void {
  if (etcd.defragmentation.minimumGain >= etcd.quotaBackend && !problems.touch('defragmentation'))
    problems.add(
      'defragmentation.minimumGain',
      `expected less than the quota of ${inUnits(etcd.quotaBackend)}, because no database has that much free space; lower it`,
      inUnits(etcd.defragmentation.minimumGain),
    );
}

/** etcd maps the quota and a tenth more into its address space of 128 TiB. */
function checkQuota({ etcd: { quotaBackend: quota } }: ClusterConfig, problems: Problems): void {
  if (quota > 100 * 1024 * GIB)
    problems.add(
      'quotaBackend',
      'expected at most 100Ti, because etcd does not start with more; lower it',
      inUnits(quota),
    );
}

function warnOfQuota({ etcd: { quotaBackend: quota } }: ClusterConfig, warnings: Warnings): void {
  if (quota > 8 * GIB)
    warnings.add(
      EtcdWarning.LARGE_QUOTA,
      `quotaBackend: a quota of ${quota} bytes is above 8 GiB, the largest that the etcd project recommends: starts and snapshots become slow; use 8Gi or less`,
    );
}

function warnOfVolume({ etcd: { quotaBackend: quota }, storage }: ClusterConfig, warnings: Warnings): void {
  const { claim, emptyDir } = storage;
  const size = claim?.size ?? emptyDir?.sizeLimit;
  if (size === undefined || quantityBytes(size) >= 2 * quota + GIB) return;
  const fitting = Math.floor((quantityBytes(size) - GIB) / 2);
  const smaller = fitting < quantityBytes(LEAST.quotaBackend.size) ? '' : `, or a quota of ${fitting} bytes`;
  const larger = `${Math.ceil((2 * quota) / GIB) + 1}Gi`;
  warnings.add(
    EtcdWarning.TIGHT_QUOTA,
    claim
      ? `quotaBackend: a quota of ${quota} bytes on a claim of ${size} leaves no room for the write-ahead log and for the second copy during defragmentation; use a claim of ${larger}${smaller}`
      : `quotaBackend: a quota of ${quota} bytes in an emptyDir of ${size} leaves no room for the write-ahead log and for the second copy during defragmentation, and a pod above its sizeLimit is evicted and loses its data; use a sizeLimit of ${larger}${smaller}`,
  );
}

function warnOfMemory({ etcd: { quotaBackend: quota }, pod, storage }: ClusterConfig, warnings: Warnings): void {
  const memory = String(pod.resources.limits?.memory);
  const needed = storage.emptyDir?.inMemory ? 2 * quota : quota;
  if (quantityBytes(memory) < needed)
    warnings.add(
      EtcdWarning.TIGHT_MEMORY,
      `resources.memory: a database at its quota of ${inUnits(quota)} does not fit into ${memory}, so members read from disk and may be killed; use ${inUnits(needed)} or more, or a quota of ${inUnits(Math.floor((quantityBytes(memory) * quota) / needed / MIB) * MIB)}`,
    );
}

/**
 * Room for two snapshots of a full database, and for a new one: old ones are deleted after it is verified. Alerts come long
 * before a database is full, so not all that are kept have to fit.
 */
export function checkSnapshotRoom(
  { store, claim, snapshotHistoryLimit: limit }: SnapshotsConfig,
  { etcd: { quotaBackend: quota } }: ClusterConfig,
  problems: Problems,
  warnings: Warnings,
): void {
  if (problems.touch('store', 'snapshotHistoryLimit')) return;
  const kept = Math.min(limit, 2);
  const copies = claim ? kept + 1 : 1;
  const size = claim?.size ?? store.sizeLimit;
  if (size === undefined || quantityBytes(size) >= copies * quota) return;
  warnings.add(
    EtcdWarning.SNAPSHOT_ROOM,
    claim
      ? `store.size: ${kept === 1 ? 'a snapshot' : `${kept} snapshots`} and a new one of a database at its quota of ${inUnits(quota)} need ${inUnits(copies * quota)}, but the claim has ${size}; use a claim of that size`
      : `store.sizeLimit: a snapshot of a database at its quota of ${inUnits(quota)} does not fit into ${size}, and a pod above it is evicted; use ${inUnits(quota)} or more`,
  );
}

/** A drill runs an etcd on the whole database. */
export function checkDrillMemory(
  { resources }: DrillConfig,
  { etcd: { quotaBackend: quota }, pod }: ClusterConfig,
  problems: Problems,
  warnings: Warnings,
): void {
  const memory = String(resources.limits?.memory);
  if (problems.touch('resources') || memory === String(pod.resources.limits?.memory)) return;
  if (quantityBytes(memory) < quota)
    warnings.add(
      EtcdWarning.TIGHT_MEMORY,
      `resources.memory: a database at its quota of ${inUnits(quota)} does not fit into ${memory}, so the drill may be killed; use the memory of a member`,
    );
}

/** In the largest unit that gives a whole number, rounded up to 1Mi. */
function inUnits(bytes: number): string {
  if (bytes >= MIB && bytes % GIB === 0) return `${bytes / GIB}Gi`;
  if (bytes >= MIB) return `${Math.ceil(bytes / MIB)}Mi`;
  return bytes % 1024 === 0 ? `${bytes / 1024}Ki` : `${bytes} bytes`;
}
