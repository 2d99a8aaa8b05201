import type { LiveComparison, LiveDifference } from './live-comparison';
import { at, isMap, type Json, type JsonObject } from './json';

/** Fields by which members find their data, each other and their users. */
interface Identity {
  readonly replicas: number;
  readonly peerUrl: string;
  readonly clientUrl: string;
  /** Folder of the data in the volume. */
  readonly dataFolder: string;
  /** Undefined if the image is given by digest. */
  readonly version: string | undefined;
  readonly image: string;
  readonly token: string;
  readonly user: number | undefined;
  readonly fsGroup: number | undefined;
  /** Retention of the claims. */
  readonly claims: string;
  /** Names of variables that show that the cluster has users. Never their values. */
  readonly users: string;
}

/** The chart whose defaults the import knows. */
const CHART = 'etcd-11.3.4';
const OTHER_CHART =
  'another version of the chart has other defaults: check each difference of `helm template`, or upgrade to 11.3.4 first. If ' +
  'commands select by helm.sh/chart, use this version';
const OTHER_FILE =
  'members would not find each other: use the values, --release and --namespace of the live cluster (helm list)';
const TLS =
  'an imported cluster uses plain HTTP, and clients with TLS could no longer connect: stay with the chart, or turn TLS off there first';
const CLAIMS =
  'set both to Retain before you delete the StatefulSet: kubectl patch statefulset --type=merge, at ' +
  'spec.persistentVolumeClaimRetentionPolicy';
const OTHER_USER = (parameter: string, prop: string): string =>
  `the members’ files belong to the live id: set ${parameter} to it, or security: { ${prop} } in the code`;

/** Compares fields that Kubernetes would change, to see whether the import is of the same cluster. */
export function compareIdentity(live: JsonObject, imported: JsonObject): Pick<LiveComparison, 'breaks' | 'differs'> {
  const [is, will] = [identityOf(live), identityOf(imported)];
  const breaks: LiveDifference[] = [];
  const differs: LiveDifference[] = [];
  const compare = (
    into: LiveDifference[],
    field: string,
    was: string | number | undefined,
    becomes: string | number | undefined,
    remedy?: string,
  ): void => {
    if (was !== becomes)
      into.push({ field, live: written(was), imported: written(becomes), ...(remedy && { remedy }) });
  };
  // Without Helm's labels, the version is unknown.
  const chart = at(live, 'metadata', 'labels', 'helm.sh/chart');
  if (typeof chart === 'string') compare(differs, 'chart', chart, CHART, OTHER_CHART);
  const shrinks = is.replicas > will.replicas;
  compare(
    shrinks ? breaks : differs,
    'spec.replicas',
    is.replicas,
    will.replicas,
    shrinks ? `members would be deleted: set replicaCount to ${is.replicas}` : undefined,
  );
  compareVersion(is, will, breaks, differs);
  const isTls = scheme(is.peerUrl) !== scheme(will.peerUrl);
  compare(breaks, 'peer URLs', is.peerUrl, will.peerUrl, isTls ? TLS : OTHER_FILE);
  const breaksClients = scheme(is.clientUrl) !== scheme(will.clientUrl);
  compare(
    breaksClients ? breaks : differs,
    'client URLs',
    is.clientUrl,
    will.clientUrl,
    breaksClients ? TLS : undefined,
  );
  compare(
    breaks,
    'data directory on the claim',
    is.dataFolder,
    will.dataFolder,
    'members would start without their data: the library keeps it in the folder data of the claim, and moves no files; stay with the chart',
  );
  compare(differs, 'claims', is.claims, will.claims, is.claims.includes('Delete') ? CLAIMS : undefined);
  // Only members without data read it.
  if (is.token !== '') compare(differs, 'cluster token', is.token, will.token);
  compare(
    breaks,
    'users',
    is.users,
    will.users,
    'users are part of the data: set auth.rbac.create, and the Secret of root, to what the release has',
  );
  compareId(is.user, will.user, 'runAsUser', OTHER_USER('containerSecurityContext.runAsUser', 'user'));
  compareId(is.fsGroup, will.fsGroup, 'fsGroup', OTHER_USER('podSecurityContext.fsGroup', 'fsGroup'));
  return { breaks, differs };

  // If the live pod does not set it, the platform or the image chose it.
  function compareId(was: number | undefined, becomes: number | undefined, field: string, remedy: string): void {
    compare(was === undefined ? differs : breaks, field, was, becomes, was === undefined ? undefined : remedy);
  }
}

function compareVersion(is: Identity, will: Identity, breaks: LiveDifference[], differs: LiveDifference[]): void {
  if (is.version === will.version) return;
  const isOther = is.version !== undefined && will.version !== undefined && minor(is.version) !== minor(will.version);
  (isOther ? breaks : differs).push({
    field: 'etcd version',
    live: is.version ?? is.image,
    imported: will.version ?? will.image,
    ...(isOther && {
      remedy: `an import does not change the minor version, which etcd cannot downgrade: set image.tag to ${is.version ?? ''}`,
    }),
  });
}

/** Whether the live pods set the user that they run as. On OpenShift, the platform sets it. */
export function namesUser(set: JsonObject): boolean {
  return identityOf(set).user !== undefined;
}

function identityOf(set: JsonObject): Identity {
  const pod = at(set, 'spec', 'template', 'spec');
  const etcd = maps(at(pod, 'containers')).find((c) => c.name === 'etcd') ?? {};
  const variables = maps(at(etcd, 'env'));
  const env = (name: string): string => {
    const found = variables.filter((v) => v.name === name).at(-1);
    // The members' names are the same. Only the variable has another name.
    return String((at(found ?? null, 'value') ?? '') as string).replace(/\$\(MY_POD_NAME\)/g, '$(POD_NAME)');
  };
  const image = String((at(etcd, 'image') ?? '') as string);
  const id = (name: string): number | undefined => {
    const value = at(etcd, 'securityContext', name) ?? at(pod, 'securityContext', name);
    return typeof value === 'number' ? value : undefined;
  };
  return {
    // Kubernetes' default is one.
    replicas: Number((at(set, 'spec', 'replicas') ?? 1) as number),
    peerUrl: env('ETCD_INITIAL_ADVERTISE_PEER_URLS'),
    // The chart has two URLs. The first is the member's.
    clientUrl: env('ETCD_ADVERTISE_CLIENT_URLS').split(',')[0] ?? '',
    dataFolder: dataFolder(env('ETCD_DATA_DIR'), maps(at(etcd, 'volumeMounts'))),
    version: /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1],
    image,
    token: env('ETCD_INITIAL_CLUSTER_TOKEN') || env('CLUSTER_SEED'),
    claims: ['whenDeleted', 'whenScaled']
      .map((when) => {
        const policy = at(set, 'spec', 'persistentVolumeClaimRetentionPolicy', when) ?? 'Retain';
        return `${when}: ${String(policy as string)}`;
      })
      .join(', '),
    user: id('runAsUser'),
    fsGroup: id('fsGroup'),
    users:
      variables.some(({ name }) => String(name as string).startsWith('ETCD_ROOT_PASSWORD')) || /^[pc]/.test(env('AUTH'))
        ? 'with users'
        : 'without users',
  };
}

/** The folder of the data below the mount path, which depends on the image. */
function dataFolder(path: string, mounts: readonly JsonObject[]): string {
  const data = mounts.find((m) => m.name === 'data');
  const mount = String((at(data ?? null, 'mountPath') ?? '') as string);
  const subPath = String((at(data ?? null, 'subPath') ?? '') as string);
  const below = mount !== '' && path.startsWith(`${mount}/`) ? path.slice(mount.length + 1) : path;
  return [subPath, below].filter((part) => part !== '').join('/');
}

function maps(value: Json): JsonObject[] {
  return Array.isArray(value) ? (value as Json[]).filter(isMap) : [];
}

function scheme(url: string): string {
  return url.split('://')[0] ?? '';
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function written(value: string | number | undefined): string {
  return value === undefined || value === '' ? '(nothing)' : String(value);
}
