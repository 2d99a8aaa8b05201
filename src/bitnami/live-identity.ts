import type { LiveComparison, LiveDifference } from './live-comparison';
import { at, isMap, type Json, type JsonObject } from './json';

/** By what members find their data, each other and their users. */
interface Identity {
  readonly replicas: number;
  readonly peerUrl: string;
  readonly clientUrl: string;
  /** Where in its volume the data lie. */
  readonly dataFolder: string;
  /** Undefined of an image by digest. */
  readonly version: string | undefined;
  readonly image: string;
  readonly token: string;
  readonly user: number | undefined;
  readonly fsGroup: number | undefined;
  /** When Kubernetes deletes claims by itself. */
  readonly claims: string;
  /** Variables which say that the cluster has users; never their values. */
  readonly users: string;
}

/** The chart whose defaults the import knows. */
const CHART = 'etcd-11.3.4';
const OTHER_CHART =
  'defaults of another version are others: look at each difference of `helm template`, or move to 11.3.4 first; and where ' +
  'commands select by helm.sh/chart, they need this one';
const OTHER_FILE =
  'members would not find each other: give the values, --release and --namespace of this very cluster (helm list)';
const TLS =
  'this library speaks plain HTTP, and whoever speaks TLS would be cut off: stay with the chart, or turn TLS off there first';
const CLAIMS =
  'set both to Retain before the StatefulSet is deleted to make room: kubectl patch statefulset --type=merge, at ' +
  'spec.persistentVolumeClaimRetentionPolicy';
const OTHER_USER = (parameter: string, prop: string): string =>
  `the files of the members belong to the live one: set ${parameter} to it, or security: { ${prop} } in the code`;

/** Whether the import is of this very cluster: what Kubernetes lets people change all the same. */
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
  // Whoever made it without Helm's labels says nothing of a version.
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
    'data folder of the claim',
    is.dataFolder,
    will.dataFolder,
    'members would start without their data: the library keeps them in the folder data of the claim, and moves none; stay with the chart',
  );
  compare(differs, 'claims', is.claims, will.claims, is.claims.includes('Delete') ? CLAIMS : undefined);
  // Only a member without data reads it.
  if (is.token !== '') compare(differs, 'cluster token', is.token, will.token);
  compare(
    breaks,
    'users',
    is.users,
    will.users,
    'users stay in the data, and the library cannot log in: turn them off first, `etcdctl --user root auth disable`, or stay with the chart',
  );
  compareId(is.user, will.user, 'runAsUser', OTHER_USER('containerSecurityContext.runAsUser', 'user'));
  compareId(is.fsGroup, will.fsGroup, 'fsGroup', OTHER_USER('podSecurityContext.fsGroup', 'fsGroup'));
  return { breaks, differs };

  // Where the live pod says nothing, the platform or the image chose.
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
      remedy: `an import changes no minor version, and there is no way back to a lower one: set image.tag to ${is.version ?? ''}`,
    }),
  });
}

/** Whether the live pods name the user they run as: on OpenShift, the platform does. */
export function namesUser(set: JsonObject): boolean {
  return identityOf(set).user !== undefined;
}

function identityOf(set: JsonObject): Identity {
  const pod = at(set, 'spec', 'template', 'spec');
  const etcd = maps(at(pod, 'containers')).find((c) => c.name === 'etcd') ?? {};
  const variables = maps(at(etcd, 'env'));
  const env = (name: string): string => {
    const found = variables.filter((v) => v.name === name).at(-1);
    // Members have one name in both; only the variable is called otherwise.
    return String((at(found ?? null, 'value') ?? '') as string).replace(/\$\(MY_POD_NAME\)/g, '$(POD_NAME)');
  };
  const image = String((at(etcd, 'image') ?? '') as string);
  const id = (name: string): number | undefined => {
    const value = at(etcd, 'securityContext', name) ?? at(pod, 'securityContext', name);
    return typeof value === 'number' ? value : undefined;
  };
  return {
    // Kubernetes' own default is one.
    replicas: Number((at(set, 'spec', 'replicas') ?? 1) as number),
    peerUrl: env('ETCD_INITIAL_ADVERTISE_PEER_URLS'),
    // Of the chart's two, the first is the member's own.
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
    users: variables
      .filter(({ name, value }) => {
        if (name === 'ALLOW_NONE_AUTHENTICATION') return value === 'no';
        return String(name as string).startsWith('ETCD_ROOT_PASSWORD');
      })
      .map(({ name }) => (name === 'ALLOW_NONE_AUTHENTICATION' ? `${name}=no` : String(name as string)))
      .join(', '),
  };
}

/** The folder below the mount of the data, which images have at different places. */
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
