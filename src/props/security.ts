import { kube } from '../checks/kubernetes/kube';
import { SYSCTL } from '../checks/kubernetes/pod';
import { type Check, type Checked, type Fields, struct, switchable } from '../checks/struct';
import { annotationMap, flag, listOf, made, ownLabels, text, whole } from '../checks/values';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';
import { AUTH, type EtcdAuthOptions } from './auth';
import { EtcdTls } from './tls';

/**
 * The user and groups that pods run as. All other settings follow the Pod Security Standard "restricted".
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export interface EtcdSecurity {
  /**
   * User id, which must not be 0. Volumes written by Bitnami's image belong to 1001. Sets `runAsUser`.
   * @default 1001
   */
  readonly user?: number;

  /**
   * Group id. It may be 0: Pod Security "restricted" is about users. Sets `runAsGroup`.
   * @default 1001
   */
  readonly group?: number;

  /**
   * Group that owns the volumes. Sets `fsGroup`, with `fsGroupChangePolicy: OnRootMismatch`.
   * @default 1001
   */
  readonly fsGroup?: number;

  /**
   * Whether the platform assigns the user and the groups, as OpenShift's `restricted-v2` does. If true, `runAsUser`,
   * `runAsGroup` and `fsGroup` are left out.
   * @default false
   */
  readonly platformAssignsIds?: boolean;

  /**
   * Sets `supplementalGroups`.
   * @default - none
   */
  readonly supplementalGroups?: number[];

  /**
   * Sets the pod's `seLinuxOptions`.
   * @default - none
   */
  readonly seLinuxOptions?: k8s.SeLinuxOptions;

  /**
   * Sets the pod's `sysctls`.
   * @default - none
   */
  readonly sysctls?: k8s.Sysctl[];
}

const MOST = 2_147_483_647;
const USER = whole(1, MOST, 'Pod Security "restricted" refuses root');
const GROUP = whole(0, MOST);

const POD_SECURITY = {
  user: USER,
  group: GROUP,
  fsGroup: GROUP,
  platformAssignsIds: flag,
  supplementalGroups: listOf(GROUP, (id) => id),
  seLinuxOptions: kube('SeLinuxOptions'),
  sysctls: listOf(kube('Sysctl', SYSCTL), (s) => s.name),
} satisfies Fields<EtcdSecurity>;

/** Ids are left out if the platform assigns them. */
const SECURITY_CONTEXT: Check<Checked<typeof POD_SECURITY>> = (value, path, problems) => {
  const checked = struct(POD_SECURITY)(value, path, problems);
  if (checked?.platformAssignsIds)
    for (const key of ['user', 'group', 'fsGroup'] as const)
      if (checked[key] !== undefined)
        problems.add(`${path}.${key}`, 'has no effect with platformAssignsIds: true; remove one of them', checked[key]);
  return checked;
};

/** The members' ServiceAccount. Its token is never mounted: members do not use the API server. */
export interface EtcdServiceAccountOptions {
  /**
   * Whether to create the ServiceAccount. If false, `name` must exist.
   * @default true
   */
  readonly create?: boolean;

  /**
   * Name of the ServiceAccount.
   * @default - the cluster's name
   */
  readonly name?: string;

  /**
   * Annotations of the ServiceAccount.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the ServiceAccount.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
}

const SERVICE_ACCOUNT = {
  create: flag,
  name: text(dnsSubdomainProblem),
  annotations: annotationMap,
  labels: ownLabels,
} satisfies Fields<EtcdServiceAccountOptions>;

/** Users, groups and ServiceAccount of the pods. */
export interface EtcdSecurityOptions {
  /**
   * The user and groups that pods run as.
   * @default - user, group and volume group 1001
   */
  readonly security?: EtcdSecurity;

  /**
   * The members' ServiceAccount.
   * @default - a ServiceAccount with the name of the cluster, without a token
   */
  readonly serviceAccount?: EtcdServiceAccountOptions;

  /**
   * TLS for clients and between members. On a running cluster, set `allowPlainHttp` first: docs/tls.md.
   * @default - plain HTTP
   * @see https://etcd.io/docs/v3.6/op-guide/security/
   */
  readonly tls?: EtcdTls;

  /**
   * Users and roles of etcd. On a running cluster, set `enabled: false` first: docs/users.md.
   * @default - every client has full access
   * @see https://etcd.io/docs/v3.6/op-guide/authentication/rbac/
   */
  readonly auth?: EtcdAuthOptions;
}

export const SECURITY = {
  security: SECURITY_CONTEXT,
  serviceAccount: switchable(SERVICE_ACCOUNT, 'create', ['name']),
  auth: AUTH,
  tls: made(EtcdTls, 'EtcdTls.fromSecrets(...), .fromIssuer(...) or .fromOwnCa(...)'),
} satisfies Fields<EtcdSecurityOptions>;
