import { type Check, type Fields, struct } from '../checks/struct';
import { listOf, text } from '../checks/values';
import { hasCredential, isCredential } from '../grammar/credentials';
import { expansionProblem } from '../grammar/expansion';
import { imageReferenceProblem, parseImageReference } from '../grammar/image-reference';
import { dnsSubdomainProblem, secretKeyProblem } from '../grammar/names';

/**
 * A place for snapshots that rclone can reach: S3, GCS, Azure, SFTP, WebDAV and many more.
 * @see https://rclone.org/docs/
 */
export interface EtcdRemote {
  /**
   * Remote and folder, as rclone writes them, such as `backup:my-bucket/etcd`. Use one folder for each cluster: names
   * of snapshots are precise only to the minute. Snapshots of another cluster are neither overwritten nor removed. An
   * argument of `rclone copyto`.
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

/** A credential is refused before anything else is said, because the value must not be printed. */
const CREDENTIAL = 'a credential must not be in YAML; put it in the Secret';

const REMOTE_PATH: Check<string> = (value, path, problems) => {
  if (typeof value !== 'string' || !hasCredential(value))
    return text(expansionProblem, remotePathProblem)(value, path, problems);
  problems.add(path, CREDENTIAL);
  return undefined;
};

function remotePathProblem(v: string): string | undefined {
  const [, folder = ''] = /^[\w.+@-]+:(\S*[^\s/:])$/.exec(v) ?? [];
  if (folder === '' || folder.startsWith('//'))
    return 'expected a remote and a folder as rclone writes them, without a slash at the end, such as backup:bucket/etcd';
  return folder.split('/').some((part) => part === '.' || part === '..')
    ? 'expected a folder without "." and ".."'
    : undefined;
}

/** Flags that the library sets, or with which rclone copies nothing, or lists something else than files. */
const TAKEN = [
  ...['config', 'dry-run', 'immutable', 'checksum', 'files-only', 'interactive', 'help', 'version', 'daemon'],
  ...['compare-dest', 'copy-dest', 'no-check-dest', 'progress', 'progress-terminal-title'],
];
/** rclone copies no single file with a filter. */
const FILTER =
  /^(?:include|exclude|filter|files-from|metadata-(?:include|exclude|filter)|(?:min|max)-(?:age|size))(?:-|$)/;
const DUMPS = ['dump', 'dump-bodies', 'dump-headers'];

/** Why rclone must not have a flag, or undefined. `RCLONE_DRY_RUN` is the variable of `--dry-run`. */
export function rcloneFlagProblem(flag: string): string | undefined {
  if (FILTER.test(flag)) return 'is a filter, with which rclone copies no single file; remove it';
  if (TAKEN.includes(flag)) return 'is set by the library, or would prevent the copy; remove it';
  return DUMPS.includes(flag) ? 'writes credentials into the log; remove it' : undefined;
}

function flagProblem(flag: string): string | undefined {
  if (!/^--[a-z0-9-]+(=\S+)?$/.test(flag)) return 'expected a flag as one word, --name or --name=value';
  return rcloneFlagProblem(nameOf(flag));
}

function nameOf(flag: string): string {
  return flag.replace(/^--/, '').split('=')[0] ?? '';
}

/** A flag of rclone. A credential is refused, and its value is not printed. */
const FLAG: Check<string> = (value, path, problems) => {
  const name = typeof value === 'string' ? nameOf(value) : '';
  if (typeof value !== 'string' || !(isCredential(name) || hasCredential(value)))
    return text(flagProblem, expansionProblem)(value, path, problems);
  problems.add(path, CREDENTIAL, `--${name}=...`);
  return undefined;
};

/** The image must not be older than the documented version. Tags of another form are the user's own. */
function rcloneImageProblem(v: string): string | undefined {
  const { repository, tag = '' } = parseImageReference(v);
  const [, major, minor] = /^v?(\d+)\.(\d+)(?![\w])/.exec(tag) ?? [];
  const isRclone = /(^|\/)rclone$/.test(repository) && major !== undefined;
  return isRclone && (Number(major) - 1 || Number(minor) - RCLONE_MINOR) < 0
    ? `expected rclone 1.${RCLONE_MINOR}.0 or newer, because older versions overwrite files despite --immutable; use a newer image`
    : undefined;
}

const RCLONE_MINOR = 76;

const REMOTE_FIELDS = {
  path: REMOTE_PATH,
  configSecret: text(dnsSubdomainProblem),
  configKey: text(secretKeyProblem),
  extraArgs: listOf(FLAG),
  image: text(imageReferenceProblem, rcloneImageProblem),
} satisfies Fields<EtcdRemote>;

/** Checks of a remote. */
export const REMOTE = struct(REMOTE_FIELDS, ['path', 'configSecret']) as Check<EtcdRemote>;
