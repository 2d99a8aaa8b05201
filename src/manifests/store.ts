import type { ClusterConfig } from '../config/cluster';
import type { StoreConfig } from '../config/store';
import { COMPONENT, CONTAINER, PATH, VOLUME } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import type { JobParts } from './jobs';
import { podsOf } from './object';
import { variables } from './pod';

/** What a pod needs to read and write snapshots: the claim or temporary space, and rclone for a remote. */
export function storeParts(
  config: ClusterConfig,
  store: StoreConfig,
  { onlyOwn = false, readOnly = false }: { readonly onlyOwn?: boolean; readonly readOnly?: boolean },
): Pick<JobParts, 'env' | 'programs' | 'volumes' | 'volumeMounts' | 'affinity'> {
  const { claim, remote } = store;
  return {
    affinity: claim && together(config),
    env: variables({
      SNAPSHOT_DIRECTORY: PATH.snapshots,
      SNAPSHOT_CLUSTER: onlyOwn ? `${config.namespace}/${config.name}` : '',
      REMOTE: remote?.path ?? '',
      REMOTE_OPTIONS: remote?.extraArgs.join(' ') ?? '',
      ...(remote && {
        RCLONE_CONFIG: `${PATH.rclone}/${remote.configKey}`,
        RCLONE_CACHE_DIR: PATH.tmp,
        SSL_CERT_FILE: `${PATH.toolbox}/ca-certificates.crt`,
      }),
    }),
    programs: remote ? [{ name: CONTAINER.rclone, image: remote.image }] : [],
    volumes: [
      claim
        ? { name: VOLUME.snapshots, persistentVolumeClaim: { claimName: claim.name, readOnly: readOnly || undefined } }
        : { name: VOLUME.snapshots, emptyDir: { sizeLimit: store.sizeLimit } },
      ...(remote ? [{ name: VOLUME.rclone, secret: { secretName: remote.configSecret } }] : []),
    ],
    volumeMounts: [
      {
        name: VOLUME.snapshots,
        mountPath: PATH.snapshots,
        subPath: claim?.subPath,
        readOnly: readOnly || undefined,
      },
      ...(remote ? [{ name: VOLUME.rclone, mountPath: PATH.rclone, readOnly: true }] : []),
    ],
  };
}

/** Two pods can mount a ReadWriteOnce claim at the same time only on the same node. */
function together(config: ClusterConfig): Json<k8s.Affinity> {
  return {
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: 'kubernetes.io/hostname',
            labelSelector: podsOf(config, COMPONENT.snapshot, COMPONENT.restore, COMPONENT.drill),
          },
        },
      ],
    },
  };
}
