import { DEFAULTS } from '../constants/defaults';
import type { EtcdRemote } from '../props/remote';
import { mirrored } from './convert';

/** Where rclone finds a remote, complete. */
export interface RemoteConfig {
  readonly path: string;
  readonly configSecret: string;
  readonly configKey: string;
  readonly extraArgs: readonly string[];
  readonly image: string;
}

/** Where a job finds snapshots: a claim, or space on the node for what comes from the remote or goes there. */
export interface StoreConfig {
  readonly claim: { readonly name: string; readonly subPath: string | undefined } | undefined;
  readonly sizeLimit: string | undefined;
  readonly remote: RemoteConfig | undefined;
}

export function resolveRemote(remote: EtcdRemote, imageRegistry: string | undefined): RemoteConfig {
  return {
    path: remote.path,
    configSecret: remote.configSecret,
    configKey: remote.configKey ?? DEFAULTS.remote.configKey,
    extraArgs: remote.extraArgs ?? [],
    image: mirrored(remote.image ?? DEFAULTS.remote.image, imageRegistry),
  };
}
