import { RESERVED_LABELS } from '../../constants/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, whole } from '../values';
import { each, fields, rule } from './fields';
import { LABEL_KEY, LABEL_SELECTOR } from './selector';

type Constraint = Json<k8s.TopologySpreadConstraint>;

const POSITIVE = whole(1, 2_147_483_647);
const INCLUSION = oneOf(['Honor', 'Ignore']);

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ */
export const TOPOLOGY_SPREAD = fields<Constraint>(
  {
    maxSkew: POSITIVE,
    topologyKey: LABEL_KEY,
    whenUnsatisfiable: oneOf(['DoNotSchedule', 'ScheduleAnyway']),
    labelSelector: LABEL_SELECTOR,
    matchLabelKeys: each(LABEL_KEY),
    minDomains: POSITIVE,
    nodeAffinityPolicy: INCLUSION,
    nodeTaintsPolicy: INCLUSION,
  },
  rule(
    'minDomains',
    ({ minDomains, whenUnsatisfiable }) => minDomains === undefined || whenUnsatisfiable === 'DoNotSchedule',
    'needs whenUnsatisfiable: DoNotSchedule; set it, or remove minDomains',
  ),
  rule(
    'matchLabelKeys',
    ({ matchLabelKeys = [], labelSelector }) => !keysOf(labelSelector).some((key) => matchLabelKeys.includes(key)),
    'expected keys that labelSelector does not have; remove them from one of the two',
  ),
);

/** Without a selector, members are selected by the labels of the cluster. */
function keysOf(selector: Json<k8s.LabelSelector> | undefined): readonly string[] {
  if (selector === undefined) return RESERVED_LABELS;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)];
}
