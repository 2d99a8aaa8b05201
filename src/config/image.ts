import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import { IMAGES } from '../constants/images';
import { EtcdImage, type IMAGE } from '../props/image';
import { mirrored } from './convert';

export interface ImageConfig {
  readonly etcd: string;
  readonly toolbox: string;
  readonly version: string;
  readonly binDirectory: string;
  readonly mountPath: string;
  readonly pullPolicy: string;
  readonly pullSecrets: readonly string[];
  /** Replaces the registry of all images. */
  readonly registry: string | undefined;
}

export function resolveImage(props: Checked<typeof IMAGE>): ImageConfig {
  const image = props.image ?? EtcdImage.upstream(IMAGES.etcdVersion);
  return {
    etcd: mirrored(image.reference, props.imageRegistry),
    toolbox: mirrored(props.toolboxImage ?? DEFAULTS.image.toolboxImage, props.imageRegistry),
    version: image.version,
    binDirectory: image.binDirectory,
    mountPath: image.mountPath,
    pullPolicy: props.imagePullPolicy ?? DEFAULTS.image.imagePullPolicy,
    pullSecrets: props.imagePullSecrets ?? [],
    registry: props.imageRegistry,
  };
}
