import { type Check, type Fields, struct } from '../checks/struct';
import { listOf, text } from '../checks/values';
import { expansionProblem } from '../grammar/expansion';
import { imageReferenceProblem } from '../grammar/image-reference';
import { dnsSubdomainProblem, secretKeyProblem } from '../grammar/names';

/**
 * A place for snapshots that rclone can reach: S3, GCS, Azure, SFTP, WebDAV and many more.
 * @see https://rclone.org/docs/
 */
export interface EtcdRemote {
  /**
   * Remote and folder, as rclone writes them, such as `backup:my-bucket/etcd`. Use one folder for each cluster: names
   * of snapshots have only the minute. Snapshots of another cluster are neither overwritten nor removed. An argument of
   * `rclone copyto`.
   */
  readonly path: string;

  /**
   * Name of the Secret with rclone's configuration: the remotes and their credentials. Mounted read-only. Sets
   * `secretName`.
   */
  readonly configSecret: string;

  /**
   * Key of the Secret that has the configuration. Sets the environment variable RCLONE_CONFIG.
   * @default 'rclone.conf'
   */
  readonly configKey?: string;

  /**
   * Additional flags of rclone, one word each, such as `--s3-no-check-bucket`.
   * @default - none
   * @see https://rclone.org/flags/
   */
  readonly extraArgs?: string[];

  /**
   * Image with rclone 1.76.0 or newer: `copyto` of older versions overwrites files despite `--immutable`.
   * @default - the rclone project's image, pinned by this library. `imageRegistry` of the cluster applies
   */
  readonly image?: string;
}

const REMOTE_PATH = text(expansionProblem, (v) =>
  /^[\w.+@-]+:\S*[^\s/:]$/.test(v)
    ? undefined
    : 'expected a remote and a folder as rclone writes them, without a slash at the end, such as backup:bucket/etcd',
);

function flagProblem(flag: string): string | undefined {
  if (!/^--[a-z0-9-]+(=\S+)?$/.test(flag)) return 'expected a flag as one word, --name or --name=value';
  if (['--config', '--dry-run', '--immutable', '--checksum', '--include', '--files-only'].includes(nameOf(flag)))
    return 'is set by the library, or would prevent the copy; remove it';
  return undefined;
}

function nameOf(flag: string): string {
  return flag.split('=')[0] ?? '';
}

/** A flag of rclone. A credential is refused, and its value is not printed. */
const FLAG: Check<string> = (value, path, problems) => {
  const flag = text(flagProblem, expansionProblem)(value, path, problems);
  if (flag === undefined || !/(secret|password|pass|token|credential|-key)/.test(nameOf(flag))) return flag;
  problems.add(path, 'a credential must not be in YAML; put it in the Secret', `${nameOf(flag)}=...`);
  return undefined;
};

const REMOTE_FIELDS = {
  path: REMOTE_PATH,
  configSecret: text(dnsSubdomainProblem),
  configKey: text(secretKeyProblem),
  extraArgs: listOf(FLAG),
  image: text(imageReferenceProblem),
} satisfies Fields<EtcdRemote>;

/** Checks of a remote. */
export const REMOTE = struct(REMOTE_FIELDS, ['path', 'configSecret']) as Check<EtcdRemote>;
