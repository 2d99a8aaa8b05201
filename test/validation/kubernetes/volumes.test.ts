import { type Anything, q, refuses } from '../../support/refusals';

const volume = (value: Anything) => ({ extraVolumes: [{ name: 'a', ...value }] });
const mount = (value: Anything) => ({ extraVolumeMounts: [{ name: 'data', mountPath: '/x', ...value }] });
const template = (value: Anything) => ({ extraVolumeClaimTemplates: [value] });
const claim = (spec: Anything) =>
  template({
    metadata: { name: 'more' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: q('1Gi') } }, ...spec },
  });

refuses([
  [volume({ name: 'Data' }), 'extraVolumes[0].name: expected a DNS label'],
  [volume({ emptyDir: {}, secret: { secretName: 'a' } }), 'extraVolumes[0].emptyDir: a volume has one kind only'],
  [
    volume({ gitRepo: { repository: 'https://example.com' } }),
    'extraVolumes[0].gitRepo: Kubernetes has no such volumes',
  ],
  [volume({ secret: {} }), 'extraVolumes[0].secret.secretName: is required'],
  [
    volume({ secret: { secretName: 'a', defaultMode: 1000 } }),
    'extraVolumes[0].secret.defaultMode: expected a whole number from 0 to 511',
  ],
  [
    volume({ configMap: { name: 'a', items: [{ key: 'a', path: '../b' }] } }),
    'extraVolumes[0].configMap.items[0].path: expected a relative path',
  ],
  [volume({ configMap: {} }), 'extraVolumes[0].configMap.name: is required'],
  [volume({ emptyDir: { medium: 'disk' } }), 'extraVolumes[0].emptyDir.medium: expected one of Memory'],
  [
    volume({ emptyDir: { sizeLimit: q('1 GB') } }),
    'extraVolumes[0].emptyDir.sizeLimit: expected a Kubernetes quantity',
  ],
  [volume({ hostPath: { path: '/a/../b' } }), 'extraVolumes[0].hostPath.path: expected an absolute path'],
  [volume({ hostPath: { path: '/a', type: 'Folder' } }), 'extraVolumes[0].hostPath.type: expected one of'],
  [volume({ nfs: { server: '', path: '/a' } }), 'extraVolumes[0].nfs.server: expected the name or address'],
  [
    volume({ persistentVolumeClaim: { claimName: 'A' } }),
    'extraVolumes[0].persistentVolumeClaim.claimName: expected a DNS subdomain',
  ],
  [volume({ csi: { driver: 'a b' } }), 'extraVolumes[0].csi.driver: expected the name of a CSI driver'],
  [volume({ ephemeral: {} }), 'extraVolumes[0].ephemeral.volumeClaimTemplate: is required'],
  [
    volume({ projected: { sources: [{}] } }),
    'extraVolumes[0].projected.sources[0]: expected one of secret, configMap, downwardAPI, serviceAccountToken',
  ],
  [
    volume({ projected: { sources: [{ serviceAccountToken: { path: 'a', expirationSeconds: 60 } }] } }),
    'serviceAccountToken.expirationSeconds: expected a whole number from 600',
  ],
  [
    volume({
      projected: {
        sources: [{ serviceAccountToken: { path: 'a' } }, { secret: { name: 's', items: [{ key: 'k', path: 'a' }] } }],
      },
    }),
    'extraVolumes[0].projected.sources[1]: another source has a file of this path',
  ],
  [
    volume({ downwardApi: { items: [{ path: 'a' }] } }),
    'downwardAPI.items[0]: expected one of fieldRef, resourceFieldRef',
  ],
  [
    volume({ downwardApi: { items: [{ path: 'a', fieldRef: { fieldPath: 'status.podIP' } }] } }),
    'fieldRef.fieldPath: expected a field of the pod',
  ],
  [mount({ mountPath: 'x' }), 'extraVolumeMounts[0].mountPath: expected an absolute path'],
  [mount({ mountPath: '' }), 'extraVolumeMounts[0].mountPath: expected an absolute path'],
  [mount({ mountPath: '/a:b' }), 'extraVolumeMounts[0].mountPath: expected a path without ":"'],
  [mount({ subPath: '..' }), 'extraVolumeMounts[0].subPath: expected a relative path'],
  [mount({ subPath: '/a' }), 'extraVolumeMounts[0].subPath: expected a relative path'],
  [mount({ subPath: 'a', subPathExpr: '$(A)' }), 'extraVolumeMounts[0].subPathExpr: cannot be combined with subPath'],
  [
    mount({ mountPropagation: 'Shared' }),
    'extraVolumeMounts[0].mountPropagation: expected one of None, HostToContainer, Bidirectional',
  ],
  [
    mount({ mountPropagation: 'Bidirectional' }),
    'extraVolumeMounts[0].mountPropagation: Bidirectional needs a privileged container',
  ],
  [
    template({ spec: claim({}).extraVolumeClaimTemplates[0].spec }),
    'extraVolumeClaimTemplates[0].metadata: is required',
  ],
  [
    template({ ...claim({}).extraVolumeClaimTemplates[0], metadata: {} }),
    'extraVolumeClaimTemplates[0].metadata.name: is required',
  ],
  [template({ metadata: { name: 'more' } }), 'extraVolumeClaimTemplates[0].spec: is required'],
  [
    claim({ accessModes: ['ReadWriteOnce', 'ReadWriteOncePod'] }),
    'spec.accessModes: ReadWriteOncePod cannot be combined',
  ],
  [claim({ accessModes: [] }), 'spec.accessModes: expected at least one access mode'],
  [claim({ accessModes: ['RWO'] }), 'spec.accessModes[0]: expected one of ReadWriteOnce'],
  [claim({ resources: {} }), 'spec.resources.requests.storage: is required: the size of the volume'],
  [
    claim({ resources: { requests: { storage: q('1 GB') } } }),
    'spec.resources.requests.storage: expected a Kubernetes quantity',
  ],
  [claim({ resources: { requests: { storage: q('500m') } } }), 'spec.resources.requests.storage: expected'],
  [claim({ volumeMode: 'Files' }), 'spec.volumeMode: expected one of Filesystem, Block'],
  [claim({ storageClassName: 'A' }), 'spec.storageClassName: expected a DNS subdomain'],
  [
    claim({ dataSource: { kind: 'VolumeSnapshot', name: 'a' } }),
    'spec.dataSource.kind: expected PersistentVolumeClaim without apiGroup',
  ],
  [
    claim({ selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
    'spec.selector.matchExpressions[0].values: expected at least one value',
  ],
]);
