import type { Problems } from '../checks/problems';
import { checkStruct, type Fields } from '../checks/struct';
import { absolutePath, listOf, made, oneOf, text } from '../checks/values';
import { DEFAULTS } from '../constants/defaults';
import { IMAGES } from '../constants/images';
import { parseVersion, versionProblem } from '../constants/version';
import { imageReferenceProblem, imageRegistryProblem, parseImageReference } from '../grammar/image-reference';
import { dnsSubdomainProblem } from '../grammar/names';

/** Where an etcd image has its programs and its data. */
export interface EtcdImageLayout {
  /**
   * Directory of `etcd`, `etcdctl` and `etcdutl` in the image.
   * @default '/usr/local/bin'
   */
  readonly binDirectory?: string;

  /**
   * Path at which the data volume is mounted. etcd's data directory is its folder `data`.
   * @default '/var/lib/etcd'
   */
  readonly mountPath?: string;
}

/** Options of a published etcd image. */
export interface EtcdImageOptions {
  /**
   * Registry and repository to use instead, without a tag, such as `mirror.example.com/etcd`. To use a mirror for all
   * images, set `imageRegistry` of the cluster.
   * @default - the repository in which the project publishes that version
   */
  readonly repository?: string;

  /**
   * Digest of the image: `sha256:` and 64 hexadecimal digits.
   * @default - the image is pulled by its tag
   */
  readonly digest?: string;
}

/** What the library must know about a custom image. */
export interface EtcdCustomImageOptions extends EtcdImageLayout {
  /** Version of etcd in the image, such as `3.6.16`. The library chooses etcd's flags by it. */
  readonly version: string;
}

/**
 * The etcd image: its reference, its etcd version, and its directories.
 * @see https://etcd.io/docs/v3.6/op-guide/container/
 */
export class EtcdImage {
  /**
   * The image that the etcd project publishes. It has no shell, and its programs are in `/usr/local/bin`. The
   * repository is `registry.k8s.io/etcd` for 3.5.23, 3.6.5 and later, and `quay.io/coreos/etcd` for older versions.
   */
  public static upstream(version: string, options: EtcdImageOptions = {}): EtcdImage {
    const text = String(version);
    const repository = onKubernetesRegistry(text) ? IMAGES.etcd : IMAGES.olderEtcd;
    return new EtcdImage(reference(repository, `v${text}`, options), text, version, options, {});
  }

  /**
   * Bitnami's image, with the programs in `/opt/bitnami/etcd/bin` and the data in `/bitnami/etcd/data`. None of its
   * scripts is used. Bitnami has not updated the free images since August 2025: use this only to move away from the
   * chart.
   * @param tag such as `3.5.21-debian-12-r5`. The etcd version is read from it
   */
  public static bitnami(tag: string, options: EtcdImageOptions = {}): EtcdImage {
    const text = String(tag);
    const layout = { binDirectory: '/opt/bitnami/etcd/bin', mountPath: '/bitnami/etcd' };
    return new EtcdImage(reference(IMAGES.bitnami, text, options), text.split('-')[0] ?? '', tag, options, layout);
  }

  /** Any other image, by its full reference. */
  public static custom(reference: string, options: EtcdCustomImageOptions): EtcdImage {
    const { version, ...layout } = options ?? {};
    return new EtcdImage(String(reference), String(version), version, {}, layout);
  }

  private constructor(
    /** Reference of the image, as the kubelet pulls it. */
    public readonly reference: string,
    /** Version of etcd in the image: `major.minor.patch`. */
    public readonly version: string,
    private readonly given: string,
    private readonly options: EtcdImageOptions,
    private readonly layout: EtcdImageLayout,
  ) {}

  /** Directory of `etcd`, `etcdctl` and `etcdutl` in the image. */
  public get binDirectory(): string {
    return this.layout.binDirectory ?? DEFAULTS.imageLayout.binDirectory;
  }

  /** Path at which the data volume is mounted. */
  public get mountPath(): string {
    return this.layout.mountPath ?? DEFAULTS.imageLayout.mountPath;
  }

  /** @internal */
  public _check(path: string, problems: Problems): void {
    checkStruct(this.options, OPTIONS, [], path, problems);
    checkStruct(this.layout, LAYOUT, [], path, problems);
    const malformed = grammarProblem(this.version);
    if (malformed !== undefined) {
      problems.add(`${path}.version`, malformed, this.given);
      return;
    }
    const unusable = imageReferenceProblem(this.reference);
    if (unusable !== undefined && !problems.touch(path)) problems.add(`${path}.reference`, unusable, this.reference);
    const unsupported = versionProblem(this.version);
    if (unsupported !== undefined) problems.add(`${path}.version`, unsupported, this.version);
    if (problems.touch(path)) return;
    const tagged = versionInTag(this.reference);
    if (tagged !== undefined && tagged !== this.version)
      problems.add(
        `${path}.version`,
        `expected ${tagged}, the version in the tag of the image; correct one of them`,
        this.version,
      );
  }
}

/** The etcd version that a tag names. Tags of another form, or with a version that etcd does not have, are the user's own. */
function versionInTag(reference: string): string | undefined {
  const version = /^v?(\d+\.\d+\.\d+)(?![\w.])/.exec(parseImageReference(reference).tag ?? '')?.[1];
  return version !== undefined && versionProblem(version) === undefined ? version : undefined;
}

/** The grammar of an etcd version. */
function grammarProblem(version: string): string | undefined {
  return /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)
    ? undefined
    : 'expected an etcd version such as 3.6.16, without a leading v';
}

function reference(repository: string, tag: string, options: EtcdImageOptions): string {
  const digest = options?.digest === undefined ? '' : `@${options.digest}`;
  return `${options?.repository ?? repository}:${tag}${digest}`;
}

const OPTIONS = {
  repository: text(),
  digest: text((v) => (/^sha256:[0-9a-f]{64}$/.test(v) ? undefined : 'expected sha256: and 64 hexadecimal digits')),
} satisfies Fields<EtcdImageOptions>;

const LAYOUT = { binDirectory: absolutePath, mountPath: absolutePath } satisfies Fields<EtcdImageLayout>;

function onKubernetesRegistry(version: string): boolean {
  const { minor, patch } = parseVersion(version);
  return minor > 6 || (minor === 6 ? patch >= 5 : minor === 5 && patch >= 23);
}

/** When the kubelet pulls the images. @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy */
export enum EtcdImagePullPolicy {
  /** At each start of a container. */
  ALWAYS = 'Always',
  /** If the node does not have the image. */
  IF_NOT_PRESENT = 'IfNotPresent',
  /** Never. The node must have the image. */
  NEVER = 'Never',
}

/** The images of the pods. */
export interface EtcdImagesOptions {
  /**
   * The etcd image.
   * @default - the etcd project's image of the newest 3.6 that this version of the library knows
   */
  readonly image?: EtcdImage;

  /**
   * The etcd version that runs now, for the commit that upgrades etcd. Upgrades that etcd does not support are refused:
   * more than one minor version, a downgrade of the minor version, from 3.5.25 or older to 3.6, and from 3.6.10 or
   * older to 3.7. Members also check upgrades themselves.
   * @default - only the members check the upgrade, before they start etcd
   * @see https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/ and https://etcd.io/docs/v3.7/upgrades/upgrade_3_7/
   */
  readonly upgradeFrom?: string;

  /**
   * Sets `imagePullPolicy` of every container.
   * @default EtcdImagePullPolicy.IF_NOT_PRESENT
   */
  readonly imagePullPolicy?: EtcdImagePullPolicy;

  /**
   * Names of Secrets for pulling images. Sets `imagePullSecrets`.
   * @default - none
   */
  readonly imagePullSecrets?: string[];

  /**
   * Mirror that replaces the registry of all images, such as `mirror.example.com:5000/proxy`.
   * @default - each image's own registry
   */
  readonly imageRegistry?: string;

  /**
   * Image with a static busybox. Pods use its shell and tools, whatever the etcd image has.
   * @default 'docker.io/library/busybox:1.37.0-musl'
   */
  readonly toolboxImage?: string;
}

export const IMAGE = {
  image: made(EtcdImage, 'EtcdImage.upstream(...), EtcdImage.bitnami(...) or EtcdImage.custom(...)'),
  upgradeFrom: text(grammarProblem),
  imagePullPolicy: oneOf(EtcdImagePullPolicy),
  imagePullSecrets: listOf(text(dnsSubdomainProblem), (v) => v),
  imageRegistry: text(imageRegistryProblem),
  toolboxImage: text(imageReferenceProblem),
} satisfies Fields<EtcdImagesOptions>;
