import { labelKeyProblem } from '../../grammar/labels';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, text } from '../values';
import { fields, rule } from './fields';
import { LABEL_VALUE } from './selector';

type Toleration = Json<k8s.Toleration>;

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export const TOLERATION = fields<Toleration>(
  {
    key: text((v) => (v === '' ? undefined : labelKeyProblem(v))),
    operator: oneOf(['Exists', 'Equal', '']),
    value: LABEL_VALUE,
    effect: oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute', '']),
  },
  rule(
    'operator',
    ({ key, operator }) => !isEmpty(key) || operator === 'Exists',
    'expected Exists, because there is no key; set it, or set key',
  ),
  rule(
    'value',
    ({ operator, value }) => operator !== 'Exists' || isEmpty(value),
    'expected no value with the operator Exists; remove it, or use Equal',
  ),
  rule(
    'effect',
    ({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === 'NoExecute',
    'expected NoExecute with tolerationSeconds; set it, or remove tolerationSeconds',
  ),
);

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text === '';
}
