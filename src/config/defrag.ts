import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import { EtcdDefragMethod, type DEFRAG } from '../props/defrag';
import type { ClusterConfig } from './cluster';
import { mirrored } from './convert';
import { resolveJob, type JobConfig } from './cron-job';

export interface DefragConfig extends JobConfig {
  readonly method: string;
  readonly dryRun: boolean;
  readonly maintenanceWindowSeconds: number;
  readonly maximumLag: number;
  readonly compactFirst: boolean;
  readonly kubectlImage: string;
  /** Whether to create a ServiceAccount that may evict members. */
  readonly createAccount: boolean;
  readonly memberTimeoutSeconds: number;
  readonly pauseAfterMemberSeconds: number;
}

export function resolveDefrag(options: Checked<typeof DEFRAG>, cluster: ClusterConfig): DefragConfig {
  const job = resolveJob(options, DEFAULTS.defrag, cluster);
  const method: string = options.method ?? DEFAULTS.defrag.method;
  const createAccount = method === EtcdDefragMethod.OFFLINE && options.serviceAccountName === undefined;
  return {
    ...job,
    serviceAccountName: createAccount ? cluster.names.defrag : job.serviceAccountName,
    createAccount,
    method,
    dryRun: options.dryRun ?? DEFAULTS.defrag.dryRun,
    maintenanceWindowSeconds: options.maintenanceWindow ?? job.activeDeadlineSeconds,
    maximumLag: options.maximumLag ?? DEFAULTS.defrag.maximumLag,
    compactFirst: options.compactFirst ?? DEFAULTS.defrag.compactFirst,
    kubectlImage: mirrored(options.kubectlImage ?? DEFAULTS.defrag.kubectlImage, cluster.image.registry),
    memberTimeoutSeconds: options.memberTimeout ?? DEFAULTS.defrag.memberTimeout,
    pauseAfterMemberSeconds: options.pauseAfterMember ?? DEFAULTS.defrag.pauseAfterMember,
  };
}
