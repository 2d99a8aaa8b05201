import { dnsLabelProblem, dnsSubdomainProblem } from '../../grammar/names';
import { bytesProblem } from '../../grammar/quantity';
import type { Json, k8s } from '../../kubernetes';
import { annotationMap, labelMap, oneOf, text } from '../values';
import { each, fields, needs, rule } from './fields';
import type { Values } from './kube';
import { LABEL_SELECTOR } from './selector';

type Claim = Json<k8s.KubePersistentVolumeClaimProps>;
type Spec = Json<k8s.PersistentVolumeClaimSpec>;
type Meta = Json<k8s.ObjectMeta>;
type Source = Json<k8s.TypedLocalObjectReference>;

const ACCESS_MODE = oneOf(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']);
const CLASS_NAME = text((v) => (v === '' ? undefined : dnsSubdomainProblem(v)));

/** ReadWriteOncePod may not be together with another access mode. */
export function accessModesProblem(modes: readonly string[]): string | undefined {
  return modes.length > 1 && modes.includes('ReadWriteOncePod')
    ? 'ReadWriteOncePod cannot be combined with other access modes; keep one of them'
    : undefined;
}

/** What a volume is filled from. Only claims are of the core group. */
const DATA_SOURCE = fields<Source>(
  {
    name: text((v) => (v === '' ? 'expected a name' : undefined)),
    kind: text((v) => (v === '' ? 'expected a kind' : undefined)),
    apiGroup: text((v) => (v === '' ? undefined : dnsSubdomainProblem(v))),
  },
  rule(
    'kind',
    ({ kind, apiGroup = '' }) => apiGroup !== '' || kind === 'PersistentVolumeClaim',
    'expected PersistentVolumeClaim without apiGroup; set apiGroup, as snapshot.storage.k8s.io for a VolumeSnapshot',
  ),
);

export const CLAIM_SPEC: Values<Spec> = fields<Spec>(
  {
    accessModes: each(ACCESS_MODE),
    selector: LABEL_SELECTOR,
    storageClassName: CLASS_NAME,
    volumeMode: oneOf(['Filesystem', 'Block']),
    dataSource: DATA_SOURCE,
    dataSourceRef: DATA_SOURCE as Values<Json<k8s.TypedObjectReference>>,
  },
  needs('accessModes', 'resources'),
  (spec, path, problems) => {
    const { accessModes, resources } = spec;
    const modes =
      accessModes && (accessModes.length === 0 ? 'expected at least one access mode' : accessModesProblem(accessModes));
    if (modes !== undefined && !problems.touch(`${path}.accessModes`))
      problems.add(`${path}.accessModes`, modes, accessModes);
    const at = `${path}.resources.requests.storage`;
    const size = resources?.requests?.storage;
    if (problems.touch(at, `${path}.resources`)) return;
    if (size === undefined) problems.add(at, 'is required: the size of the volume; set it, such as 8Gi');
    else {
      const problem = bytesProblem(String(size));
      if (problem !== undefined) problems.add(at, problem, size);
    }
  },
  (spec, path, problems) => {
    if (spec.dataSource && spec.dataSourceRef)
      problems.add(`${path}.dataSource`, 'cannot be combined with dataSourceRef; keep one of them');
  },
);

/** Fields that have no effect in a template. */
const NOT_IN_TEMPLATES = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'managedFields',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
] as const;

/** Labels and annotations of objects that a controller makes. */
export const TEMPLATE_META: Values<Meta> = fields<Meta>(
  { labels: labelMap, annotations: annotationMap },
  (meta, path, problems) => {
    for (const key of NOT_IN_TEMPLATES)
      if (meta[key] !== undefined && !problems.touch(`${path}.${key}`))
        problems.add(`${path}.${key}`, 'has no effect in a template; remove it');
  },
);

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates */
export const CLAIM_TEMPLATE: Values<Claim> = fields<Claim>(
  { metadata: fields<Meta>({ name: text(dnsLabelProblem) }, TEMPLATE_META, needs('name')), spec: CLAIM_SPEC },
  needs('spec'),
);
