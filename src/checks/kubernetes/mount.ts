import { dnsLabelProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, text } from '../values';
import { all, fields, rule } from './fields';
import type { Values } from './kube';
import { absolutePathProblem, mountPathProblem, relativePathProblem } from './paths';

type Mount = Json<k8s.VolumeMount>;

const NAME = text(dnsLabelProblem);
const BELOW = text((v) => (v === '' ? undefined : relativePathProblem(v)));

/** @see https://kubernetes.io/docs/concepts/storage/volumes/ */
export const VOLUME_MOUNT = fields<Mount>(
  {
    name: NAME,
    mountPath: text(mountPathProblem),
    subPath: BELOW,
    subPathExpr: BELOW,
    mountPropagation: oneOf(['None', 'HostToContainer', 'Bidirectional']),
  },
  rule(
    'subPathExpr',
    ({ subPath = '', subPathExpr = '' }) => subPath === '' || subPathExpr === '',
    'cannot be combined with subPath; keep one of them',
  ),
);

/** Of the etcd container, which is not privileged. */
export const MEMBER_MOUNT: Values<Mount> = all(
  VOLUME_MOUNT,
  rule(
    'mountPropagation',
    ({ mountPropagation }) => mountPropagation !== 'Bidirectional',
    'Bidirectional needs a privileged container; use HostToContainer',
  ),
);

export const VOLUME_DEVICE = fields<Json<k8s.VolumeDevice>>({ name: NAME, devicePath: text(absolutePathProblem) });
