import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { EtcdStorage, type STORAGE } from '../props/storage';

export interface StorageConfig {
  /** Undefined if the data is in an emptyDir. */
  readonly claim: ClaimConfig | undefined;
  readonly emptyDir: { readonly sizeLimit: string | undefined; readonly inMemory: boolean } | undefined;
  readonly claimRetention: { readonly whenScaled: string; readonly whenDeleted: string };
  readonly extraVolumeClaimTemplates: readonly Json<k8s.KubePersistentVolumeClaimProps>[];
}

export interface ClaimConfig {
  readonly size: string;
  readonly storageClassName: string | undefined;
  readonly accessModes: readonly string[];
  readonly selector: Json<k8s.LabelSelector> | undefined;
  readonly labels: StringMap;
  readonly annotations: StringMap;
}

export function resolveStorage(props: Checked<typeof STORAGE>): StorageConfig {
  const { _claim: claim, _emptyDir: emptyDir } = props.storage ?? EtcdStorage.persistentVolumeClaim();
  const retention = props.claimRetentionPolicy;
  return {
    claim: claim && {
      size: claim.size ?? DEFAULTS.claim.size,
      storageClassName: claim.storageClassName,
      accessModes: claim.accessModes ?? DEFAULTS.claim.accessModes,
      selector: claim.selector,
      labels: claim.labels ?? {},
      annotations: claim.annotations ?? {},
    },
    emptyDir: emptyDir && {
      sizeLimit: emptyDir.sizeLimit,
      inMemory: emptyDir.inMemory ?? DEFAULTS.emptyDir.inMemory,
    },
    claimRetention: {
      whenScaled: retention?.whenScaled ?? DEFAULTS.claimRetention.whenScaled,
      whenDeleted: retention?.whenDeleted ?? DEFAULTS.claimRetention.whenDeleted,
    },
    extraVolumeClaimTemplates: props.extraVolumeClaimTemplates ?? [],
  };
}
