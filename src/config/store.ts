import { DEFAULTS } from '../constants/defaults';
import type { EtcdRemote } from '../props/remote';
import { mirrored } from './convert';

/** A remote for rclone. All defaults are applied. */
export interface RemoteConfig {
  readonly path: string;
  readonly configSecret: string;
  readonly configKey: string;
  readonly extraArgs: readonly string[];
  readonly image: string;
}

/** Where a job has snapshots: a claim, or temporary space on the node for a snapshot from or to the remote. */
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
