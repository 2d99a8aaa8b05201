import { kube } from '../checks/kubernetes';
import { type Fields, struct } from '../checks/struct';
import { annotationMap, flag, listOf, ownLabels, text, whole } from '../checks/values';
import { dnsSubdomainProblem } from '../grammar/names';
import { type k8s } from '../kubernetes';

/** Who a pod runs as. The rest is Pod Security "restricted". @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export interface EtcdSecurity {
  /**
   * Sets `runAsUser`; 0 is refused. Volumes written by Bitnami's image belong to 1001.
   * @default 1001
   */
  readonly user?: number;

  /**
   * Sets `runAsGroup`.
   * @default 1001
   */
  readonly group?: number;

  /**
   * Group that volumes are given to. Sets `fsGroup`, with `fsGroupChangePolicy: OnRootMismatch`.
   * @default 1001
   */
  readonly fsGroup?: number;

  /**
   * Name no user and no group, because the platform assigns them (OpenShift's restricted-v2).
   * @default false
   */
  readonly idsByPlatform?: boolean;

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

const ID = whole(1, 2_147_483_647, 'root is refused by Pod Security "restricted"');

const POD_SECURITY = {
  user: ID,
  group: ID,
  fsGroup: ID,
  idsByPlatform: flag,
  supplementalGroups: listOf(whole(1, 2_147_483_647), (id) => id),
  seLinuxOptions: kube('SeLinuxOptions'),
  sysctls: listOf(kube('Sysctl'), (s) => s.name),
} satisfies Fields<EtcdSecurity>;

/** The members' ServiceAccount. It never has a token: members don't talk to the API server. */
export interface EtcdServiceAccountOptions {
  /**
   * Whether the account is made here; otherwise `name` must exist.
   * @default true
   */
  readonly create?: boolean;

  /**
   * Name of the account.
   * @default - the cluster's name
   */
  readonly name?: string;

  /**
   * Annotations of the account.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the account.
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

/** Who the pods run as. */
export interface EtcdSecurityOptions {
  /**
   * Who the pods run as.
   * @default - user, group and volume group 1001
   */
  readonly security?: EtcdSecurity;

  /**
   * The members' ServiceAccount.
   * @default - one without a token, named like the cluster
   */
  readonly serviceAccount?: EtcdServiceAccountOptions;
}

export const SECURITY = {
  security: struct(POD_SECURITY),
  serviceAccount: struct(SERVICE_ACCOUNT),
} satisfies Fields<EtcdSecurityOptions>;
