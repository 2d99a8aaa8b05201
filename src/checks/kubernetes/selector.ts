import { labelKeyProblem, labelValueProblem } from '../../grammar/labels';
import type { Json, k8s } from '../../kubernetes';
import { labelMap, oneOf, text } from '../values';
import { each, fields, rule } from './fields';
import type { Values } from './kube';

export const LABEL_KEY = text(labelKeyProblem);
export const LABEL_VALUE = text(labelValueProblem);

type Requirement = Json<k8s.LabelSelectorRequirement>;

/** Whether an operator of an expression compares with values. */
const TAKES_VALUES = ['In', 'NotIn'];

export const needsValues = rule<Requirement>(
  'values',
  ({ operator, values = [] }) => !TAKES_VALUES.includes(operator) || values.length > 0,
  'expected at least one value with the operators In and NotIn',
);
export const takesNoValues = rule<Requirement>(
  'values',
  ({ operator, values = [] }) => !['Exists', 'DoesNotExist'].includes(operator) || values.length === 0,
  'expected no values with the operators Exists and DoesNotExist; remove them',
);

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
export const LABEL_SELECTOR: Values<Json<k8s.LabelSelector>> = fields<Json<k8s.LabelSelector>>({
  matchLabels: labelMap,
  matchExpressions: each(
    fields<Requirement>(
      {
        key: LABEL_KEY,
        operator: oneOf(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: each(LABEL_VALUE),
      },
      needsValues,
      takesNoValues,
    ),
  ),
});
