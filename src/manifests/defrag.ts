import type { ClusterConfig } from '../config/cluster';
import { memberNames } from '../config/etcd-options';
import type { DefragConfig } from '../config/defrag';
import { COMPONENT, CONTAINER } from '../constants/names';
import { EtcdDefragMethod } from '../props/defrag';
import type { k8s } from '../kubernetes';
import { cronJob } from './jobs';
import { metadata, write, type Manifest } from './object';
import { variables } from './pod';

/** Whether the job evicts pods, and so needs the API server. */
export function evicts({ method }: DefragConfig): boolean {
  return method === EtcdDefragMethod.OFFLINE;
}

export function defragCronJob(config: ClusterConfig, defrag: DefragConfig): Manifest {
  return cronJob(config, defrag, {
    name: config.names.defrag,
    component: COMPONENT.defrag,
    container: CONTAINER.defrag,
    script: 'defrag.sh',
    logsIn: true,
    env: variables({
      METHOD: defrag.method,
      DRY_RUN: defrag.dryRun,
      COMPACT: defrag.compactFirst,
      MAXIMUM_LAG: defrag.maximumLag,
      WINDOW_SECONDS: defrag.maintenanceWindowSeconds,
      MEMBER_TIMEOUT_SECONDS: defrag.memberTimeoutSeconds,
      SETTLE_SECONDS: defrag.pauseAfterMemberSeconds,
      QUOTA_BYTES: config.etcd.quotaBackend,
    }),
    programs: evicts(defrag) ? [{ name: CONTAINER.kubectl, image: defrag.kubectlImage }] : [],
    volumes: [],
    volumeMounts: [],
    usesToken: evicts(defrag),
  });
}

export interface DefragAccess {
  readonly serviceAccount: Manifest;
  readonly role: Manifest;
  readonly roleBinding: Manifest;
}

/** Allows the job to read and evict the members' pods, and nothing else. */
export function defragAccess(config: ClusterConfig): DefragAccess {
  const name = config.names.defrag;
  const described = metadata(config, name, { component: COMPONENT.defrag });
  const pods = memberNames(config);
  return {
    serviceAccount: write<k8s.KubeServiceAccountProps>('v1', 'ServiceAccount', {
      metadata: described,
      automountServiceAccountToken: false,
    }),
    role: write<k8s.KubeRoleProps>('rbac.authorization.k8s.io/v1', 'Role', {
      metadata: described,
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: pods },
        { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'], resourceNames: pods },
      ],
    }),
    roleBinding: write<k8s.KubeRoleBindingProps>('rbac.authorization.k8s.io/v1', 'RoleBinding', {
      metadata: described,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: config.namespace }],
    }),
  };
}
