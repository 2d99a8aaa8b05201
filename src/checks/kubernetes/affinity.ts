import { dnsLabelProblem, dnsSubdomainProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, text, whole } from '../values';
import { each, fields, rule } from './fields';
import type { Values } from './kube';
import { LABEL_KEY, LABEL_SELECTOR, LABEL_VALUE, needsValues, takesNoValues } from './selector';

type Requirement = Json<k8s.NodeSelectorRequirement>;
type Term = Json<k8s.NodeSelectorTerm>;

const WEIGHT = whole(1, 100);

/** Of a node's labels. */
const EXPRESSION = fields<Requirement>(
  {
    key: LABEL_KEY,
    operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
    values: each(LABEL_VALUE),
  },
  needsValues,
  takesNoValues,
  rule(
    'values',
    ({ operator, values = [] }) => !['Gt', 'Lt'].includes(operator) || /^[+-]?\d+$/.test(values.join()),
    'expected one whole number, as a string, with the operators Gt and Lt',
  ),
);

/** Of a node's fields: it has no other than its name. */
const FIELD = fields<Requirement>(
  {
    key: oneOf(['metadata.name']),
    operator: oneOf(['In', 'NotIn']),
    values: each(text(dnsSubdomainProblem)),
  },
  rule('values', ({ values = [] }) => values.length === 1, 'expected exactly one node name'),
);

const TERM: Values<Term> = fields<Term>(
  { matchExpressions: each(EXPRESSION), matchFields: each(FIELD) },
  (term, path, problems) => {
    const { matchExpressions = [], matchFields = [] } = term;
    if (!problems.touch(path) && matchExpressions.length + matchFields.length === 0)
      problems.add(path, 'an empty term selects no node; add matchExpressions or matchFields, or remove it', term);
  },
);

const NODE_AFFINITY = fields<Json<k8s.NodeAffinity>>({
  requiredDuringSchedulingIgnoredDuringExecution: fields<Json<k8s.NodeSelector>>(
    { nodeSelectorTerms: each(TERM) },
    rule('nodeSelectorTerms', (selector) => selector.nodeSelectorTerms?.length > 0, 'expected at least one term'),
  ),
  preferredDuringSchedulingIgnoredDuringExecution: each(
    fields<Json<k8s.PreferredSchedulingTerm>>({ weight: WEIGHT, preference: TERM }),
  ),
});

const POD_TERM = fields<Json<k8s.PodAffinityTerm>>({
  topologyKey: LABEL_KEY,
  labelSelector: LABEL_SELECTOR,
  namespaceSelector: LABEL_SELECTOR,
  namespaces: each(text(dnsLabelProblem)),
});

const POD_AFFINITY = fields<Json<k8s.PodAffinity>>({
  requiredDuringSchedulingIgnoredDuringExecution: each(POD_TERM),
  preferredDuringSchedulingIgnoredDuringExecution: each(
    fields<Json<k8s.WeightedPodAffinityTerm>>({ weight: WEIGHT, podAffinityTerm: POD_TERM }),
  ),
});

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
export const AFFINITY = fields<Json<k8s.Affinity>>({
  nodeAffinity: NODE_AFFINITY,
  podAffinity: POD_AFFINITY,
  podAntiAffinity: POD_AFFINITY as Values<Json<k8s.PodAntiAffinity>>,
});
