import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import { NO_RESTORE } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import type { RECOVERY } from '../props/restore';
import { containerResources } from './convert';
import { resolveRemote, type StoreConfig } from './store';

export interface RestoreConfig {
  /** NO_RESTORE.id if only a cluster without data is restored. */
  readonly id: string;
  /** The data that a cluster with data is to run on. NO_RESTORE.asked: that on which it runs. */
  readonly askedId: string;
  /** A file name, or `newest`. Empty if the restore is done. */
  readonly fileName: string;
  /** Empty if it is not checked. */
  readonly sha256: string;
  readonly bumpRevision: number;
  readonly discardOldData: boolean;
  /** Resources of the restore Job. */
  readonly resources: Json<k8s.ResourceRequirements>;
  /** Undefined if there is no restore, or it is done. */
  readonly store: StoreConfig | undefined;
}

export function resolveRestore(props: Checked<typeof RECOVERY>, imageRegistry: string | undefined): RestoreConfig {
  const defaults = DEFAULTS.restore;
  const source = props.restoreFrom?._source;
  const options = props.restoreFrom?._options ?? {};
  const { id = NO_RESTORE.id, subPath, sha256 = '', bumpRevision, discardOldData } = options;
  return {
    id,
    askedId: source?.original ? NO_RESTORE.id : (options.id ?? NO_RESTORE.asked),
    fileName: source?.fileName ?? NO_RESTORE.file,
    sha256,
    bumpRevision:
      bumpRevision ?? (id === NO_RESTORE.id ? defaults.bumpRevision.intoEmpty : defaults.bumpRevision.inPlace),
    discardOldData: discardOldData ?? defaults.discardOldData,
    resources: containerResources(options.resources, DEFAULTS.jobResources),
    store:
      source === undefined || source.done
        ? undefined
        : {
            claim: source.claimName === undefined ? undefined : { name: source.claimName, subPath },
            sizeLimit: undefined,
            remote: source.remote && resolveRemote(source.remote, imageRegistry),
          },
  };
}
