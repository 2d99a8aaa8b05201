import type { Problems } from '../checks/problems';
import { checkStruct, type Fields } from '../checks/struct';
import { absolutePath, listOf, made, oneOf, text } from '../checks/values';
import { DEFAULTS } from '../constants/defaults';
import { IMAGES } from '../constants/images';
import { parseVersion, versionProblem } from '../constants/version';
import { imageReferenceProblem, imageRegistryProblem } from '../grammar/image-reference';
import { dnsSubdomainProblem } from '../grammar/names';

/** Where the programs of an etcd image lie and where it keeps data. */
export interface EtcdImageLayout {
  /**
   * Directory of `etcd`, `etcdctl` and `etcdutl` in the image.
   * @default '/usr/local/bin'
   */
  readonly binDirectory?: string;

  /**
   * Where the data claim is mounted. etcd's data directory is the folder `data` in it.
   * @default '/var/lib/etcd'
   */
  readonly mountPath?: string;
}

/** Options of a published etcd image. */
export interface EtcdImageOptions {
  /**
   * Registry and repository in place of the usual ones, without a tag: `mirror.example.com/etcd`.
   * To move every image to a mirror at once, use `imageRegistry` of the cluster.
   * @default - where the project publishes that version
   */
  readonly repository?: string;

  /**
   * Digest that the tag must have, as `sha256:` and 64 hexadecimal digits.
   * @default - the tag alone
   */
  readonly digest?: string;
}

/** Everything about an image that the library does not know. */
export interface EtcdCustomImageOptions extends EtcdImageLayout {
  /** The etcd version inside, such as `3.6.16`: flags are chosen by it. */
  readonly version: string;
}

/**
 * The etcd image: which reference to pull, which etcd version is inside and how the image is laid out.
 * @see https://etcd.io/docs/v3.6/op-guide/container/
 */
export class EtcdImage {
  /**
   * The image that the etcd project publishes: no shell, programs in /usr/local/bin. `registry.k8s.io/etcd` where that is
   * the project's own build (3.5.23, 3.6.5 and later), `quay.io/coreos/etcd` for older versions.
   */
  public static upstream(version: string, options: EtcdImageOptions = {}): EtcdImage {
    const text = String(version);
    const repository = onKubernetesRegistry(text) ? IMAGES.etcd : IMAGES.olderEtcd;
    return new EtcdImage(reference(repository, `v${text}`, options), text, version, options, {});
  }

  /**
   * Bitnami's image layout: programs in /opt/bitnami/etcd/bin, data in /bitnami/etcd/data. Only its files are used, none
   * of its scripts. The free images are frozen since August 2025; this is for teams that move away from the chart.
   * @param tag such as `3.5.21-debian-12-r5`; the etcd version is read from it
   */
  public static bitnami(tag: string, options: EtcdImageOptions = {}): EtcdImage {
    const text = String(tag);
    const layout = { binDirectory: '/opt/bitnami/etcd/bin', mountPath: '/bitnami/etcd' };
    return new EtcdImage(reference(IMAGES.bitnami, text, options), text.split('-')[0] ?? '', tag, options, layout);
  }

  /** Any other image, by its whole reference. */
  public static custom(reference: string, options: EtcdCustomImageOptions): EtcdImage {
    const { version, ...layout } = options ?? {};
    return new EtcdImage(String(reference), String(version), version, {}, layout);
  }

  private constructor(
    /** What the kubelet pulls. */
    public readonly reference: string,
    /** The etcd version inside: `major.minor.patch`. */
    public readonly version: string,
    private readonly given: string,
    private readonly options: EtcdImageOptions,
    private readonly layout: EtcdImageLayout,
  ) {}

  /** Directory of `etcd`, `etcdctl` and `etcdutl` in the image. */
  public get binDirectory(): string {
    return this.layout.binDirectory ?? DEFAULTS.imageLayout.binDirectory;
  }

  /** Where the data claim is mounted. */
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
  }
}

/** The grammar of an etcd version. */
function grammarProblem(version: string): string | undefined {
  return /^\d+\.\d+\.\d+$/.test(version) ? undefined : 'expected an etcd version such as 3.6.16 (no leading v)';
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

/** When a pod's image is pulled. @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy */
export enum EtcdImagePullPolicy {
  ALWAYS = 'Always',
  IF_NOT_PRESENT = 'IfNotPresent',
  NEVER = 'Never',
}

/** The images of the pods. */
export interface EtcdImagesOptions {
  /**
   * The etcd image.
   * @default - the etcd project's own image of the newest 3.6 known to this version of the library
   */
  readonly image?: EtcdImage;

  /**
   * The etcd version that runs now, for a commit that changes it: a step that etcd does not support is refused here
   * (more than one minor, a minor down, 3.5.25 or older straight to 3.6, 3.6.10 or older straight to 3.7). Members check the
   * way up by themselves.
   * @default - checked by the members only, before they start
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
   * A mirror, such as `mirror.example.com:5000/proxy`, that takes the place of the registry of every image.
   * @default - each image's own registry
   */
  readonly imageRegistry?: string;

  /**
   * Static busybox that gives every etcd image the same shell and tools.
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
