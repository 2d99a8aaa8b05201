import { EtcdAccessMode, EtcdStorage } from '../../../src';
import { accepts, type Anything, q, refuses } from '../../support/refusals';

const volume = (value: Anything) => ({ extraVolumes: [{ name: 'a', ...value }] });
const mount = (value: Anything) => ({ extraVolumeMounts: [{ name: 'data', mountPath: '/x', ...value }] });
const template = (value: Anything) => ({ extraVolumeClaimTemplates: [value] });
const claim = (spec: Anything) =>
  template({
    metadata: { name: 'more' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: q('1Gi') } }, ...spec },
  });

const file = (value: Anything) => volume({ downwardApi: { items: [{ path: 'a', ...value }] } });
const source = (value: Anything) => volume({ projected: { sources: [value] } });
const ephemeral = (value: Anything) =>
  volume({ ephemeral: { volumeClaimTemplate: { spec: claim({}).extraVolumeClaimTemplates[0].spec, ...value } } });
const SOURCE = { kind: 'PersistentVolumeClaim', name: 'a' };

const TARGET = { targetPortal: '192.0.2.1:3260', iqn: 'iqn.2001-04.com.example:disk', lun: 0 };

const { READ_WRITE_ONCE, READ_WRITE_ONCE_POD } = EtcdAccessMode;

refuses([
  [volume({ name: 'Data' }), 'extraVolumes[0].name: expected a DNS label'],
  [volume({ emptyDir: {}, secret: { secretName: 'a' } }), 'extraVolumes[0].emptyDir: a volume has one kind only'],
  [
    volume({ gitRepo: { repository: 'https://example.com' } }),
    'extraVolumes[0].gitRepo: Kubernetes has removed this in-tree volume type',
  ],
  [
    volume({ csi: { driver: 'a', volumeAttributes: { '<<': 'b' } } }),
    'extraVolumes[0].csi.volumeAttributes.<<: expected a key other than <<',
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
  [volume({ iscsi: { ...TARGET, iqn: 'a' } }), 'extraVolumes[0].iscsi.iqn: expected a name that begins with iqn.'],
  [volume({ iscsi: { ...TARGET, lun: 256 } }), 'extraVolumes[0].iscsi.lun: expected a whole number from 0 to 255'],
  [volume({ iscsi: { ...TARGET, targetPortal: '' } }), 'extraVolumes[0].iscsi.targetPortal: expected the address'],
  [volume({ iscsi: { ...TARGET, secretRef: { name: 'A' } } }), 'iscsi.secretRef.name: expected a DNS subdomain'],
  [volume({ iscsi: { ...TARGET, secretRef: {} } }), 'extraVolumes[0].iscsi.secretRef.name: is required'],
  [volume({ fc: { wwids: ['a'], lun: -1 } }), 'extraVolumes[0].fc.lun: expected a whole number from 0 to 255'],
  [volume({ fc: {} }), 'extraVolumes[0].fc: expected one of targetWWNs, wwids'],
  [volume({ fc: { targetWwNs: ['500a0982991b8dc5'] } }), 'extraVolumes[0].fc.lun: is required with targetWWNs'],
  [
    volume({ fc: { wwids: ['a'], targetWwNs: ['b'], lun: 0 } }),
    'extraVolumes[0].fc.wwids: cannot be combined with targetWWNs',
  ],
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
  [
    file({ resourceFieldRef: { resource: 'cpu', containerName: 'etcd' } }),
    'resourceFieldRef.resource: expected limits or requests',
  ],
  [file({ resourceFieldRef: { resource: 'limits.cpu' } }), 'resourceFieldRef.containerName: is required'],
  [file({ fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } }), 'fieldRef.apiVersion: expected v1'],
  [
    file({ path: '..a', fieldRef: { fieldPath: 'metadata.name' } }),
    'downwardAPI.items[0].path: expected a relative path',
  ],
  [file({ mode: 512, fieldRef: { fieldPath: 'metadata.name' } }), 'downwardAPI.items[0].mode: expected a whole number'],
  [volume({ downwardApi: { defaultMode: 512 } }), 'downwardAPI.defaultMode: expected a whole number'],
  [volume({ configMap: { name: 'A' } }), 'extraVolumes[0].configMap.name: expected a DNS subdomain'],
  [
    volume({ configMap: { name: 'a', defaultMode: -1 } }),
    'extraVolumes[0].configMap.defaultMode: expected a whole number',
  ],
  [volume({ configMap: { name: 'a', items: [{ key: 'a/b', path: 'c' }] } }), 'configMap.items[0].key: expected a key'],
  [
    volume({ configMap: { name: 'a', items: [{ key: 'a', path: 'c', mode: 512 }] } }),
    'configMap.items[0].mode: expected a whole number',
  ],
  [volume({ secret: { secretName: 'A' } }), 'extraVolumes[0].secret.secretName: expected a DNS subdomain'],
  [
    volume({ secret: { secretName: 'a', items: [{ key: 'a', path: '/b' }] } }),
    'secret.items[0].path: expected a relative path',
  ],
  [source({ secret: { name: 'A' } }), 'sources[0].secret.name: expected a DNS subdomain'],
  [source({ secret: {} }), 'sources[0].secret.name: is required'],
  [
    source({ configMap: { name: 'a', items: [{ key: 'a', path: '' }] } }),
    'sources[0].configMap.items[0].path: expected a relative path',
  ],
  [source({ downwardApi: { items: [{ path: 'a' }] } }), 'sources[0].downwardAPI.items[0]: expected one of'],
  [source({ serviceAccountToken: { path: '../a' } }), 'sources[0].serviceAccountToken.path: expected a relative path'],
  [volume({ projected: { sources: [], defaultMode: 512 } }), 'projected.defaultMode: expected a whole number'],
  [ephemeral({ metadata: { labels: { a: 'b c' } } }), 'volumeClaimTemplate.metadata.labels.a: expected a label value'],
  [
    ephemeral({ metadata: { annotations: { 'a b': 'c' } } }),
    'volumeClaimTemplate.metadata.annotations.a b: expected an annotation key',
  ],
  [ephemeral({ metadata: { namespace: 'a' } }), 'volumeClaimTemplate.metadata.namespace: has no effect in a template'],
  [
    ephemeral({ spec: { accessModes: [], resources: { requests: { storage: q('1Gi') } } } }),
    'volumeClaimTemplate.spec.accessModes: expected at least one',
  ],
  [
    volume({ csi: { driver: 'a', nodePublishSecretRef: { name: 'A' } } }),
    'csi.nodePublishSecretRef.name: expected a DNS subdomain',
  ],
  [volume({ csi: { driver: 'a', nodePublishSecretRef: {} } }), 'csi.nodePublishSecretRef.name: is required'],
  [volume({ nfs: { server: 'a', path: 'b' } }), 'extraVolumes[0].nfs.path: expected an absolute path'],
  [mount({ name: 'A' }), 'extraVolumeMounts[0].name: expected a DNS label'],
  [mount({ subPathExpr: '../$(A)' }), 'extraVolumeMounts[0].subPathExpr: expected a relative path'],
  [claim({ accessModes: undefined }), 'spec.accessModes: is required'],
  [claim({ resources: undefined }), 'spec.resources: is required'],
  [claim({ dataSource: { kind: 'PersistentVolumeClaim', name: '' } }), 'spec.dataSource.name: expected a name'],
  [claim({ dataSource: { kind: '', name: 'a', apiGroup: 'b' } }), 'spec.dataSource.kind: expected a kind'],
  [
    claim({ dataSource: { kind: 'A', name: 'a', apiGroup: 'B' } }),
    'spec.dataSource.apiGroup: expected a DNS subdomain',
  ],
  [
    claim({ dataSourceRef: { kind: 'VolumeSnapshot', name: 'a' } }),
    'spec.dataSourceRef.kind: expected PersistentVolumeClaim',
  ],
  [claim({ dataSource: SOURCE, dataSourceRef: SOURCE }), 'spec.dataSource: cannot be combined with dataSourceRef'],
  [
    template({ ...claim({}).extraVolumeClaimTemplates[0], metadata: { name: 'A' } }),
    'metadata.name: expected a DNS label',
  ],
  [
    template({ ...claim({}).extraVolumeClaimTemplates[0], metadata: { name: 'a', generateName: 'b' } }),
    'metadata.generateName: has no effect',
  ],
  [
    { storage: EtcdStorage.persistentVolumeClaim({ accessModes: [READ_WRITE_ONCE, READ_WRITE_ONCE_POD] }) },
    'storage.accessModes: ReadWriteOncePod cannot be combined with other access modes',
  ],
]);

accepts([
  [volume({ iscsi: TARGET })],
  [volume({ fc: { targetWwNs: ['500a0982991b8dc5'], lun: 2 } })],
  [volume({ fc: { wwids: ['3600508b400105e210000900000490000'] } })],
]);
