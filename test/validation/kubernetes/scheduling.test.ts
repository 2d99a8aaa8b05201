import { type Anything, refuses } from '../../support/refusals';

const toleration = (value: Anything) => ({ tolerations: [value] });
const spread = (value: Anything) => ({
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...value }],
});
const node = (value: Anything) => ({ affinity: { nodeAffinity: value } });
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const expression = (value: Anything) => node({ [REQUIRED]: { nodeSelectorTerms: [{ matchExpressions: [value] }] } });
const field = (value: Anything) => node({ [REQUIRED]: { nodeSelectorTerms: [{ matchFields: [value] }] } });
const term = (value: Anything) => ({ affinity: { podAffinity: { [REQUIRED]: [{ topologyKey: 'zone', ...value }] } } });

refuses([
  [toleration({ key: 'a', operator: 'In' }), 'tolerations[0].operator: expected one of Exists, Equal, got "In"'],
  [
    toleration({ key: 'a', effect: 'Evict' }),
    'tolerations[0].effect: expected one of NoSchedule, PreferNoSchedule, NoExecute',
  ],
  [
    toleration({ key: 'a', operator: 'Exists', value: 'b' }),
    'tolerations[0].value: expected no value with the operator Exists',
  ],
  [toleration({ key: 'a', tolerationSeconds: 60 }), 'tolerations[0].effect: expected NoExecute with tolerationSeconds'],
  [toleration({ operator: 'Equal' }), 'tolerations[0].operator: expected Exists, because there is no key'],
  [toleration({ key: 'a b' }), 'tolerations[0].key: expected a label key'],
  [toleration({ key: 'a', value: 'b c' }), 'tolerations[0].value: expected a label value'],
  [
    toleration({ key: 'a', effect: 'NoExecute', tolerationSeconds: 1.5 }),
    'tolerations[0].tolerationSeconds: expected a whole number',
  ],
  [toleration({ key: 1, operator: 'Exists' }), 'tolerations[0].key: expected a string, got 1'],
  [spread({ maxSkew: 0 }), 'topologySpreadConstraints[0].maxSkew: expected a whole number from 1'],
  [
    spread({ maxSkew: 'one' }),
    'topologySpreadConstraints[0].maxSkew: expected a whole number of at most 2147483647, got "one"',
  ],
  [
    spread({ whenUnsatisfiable: 'Never' }),
    'topologySpreadConstraints[0].whenUnsatisfiable: expected one of DoNotSchedule, ScheduleAnyway',
  ],
  [spread({ topologyKey: '' }), 'topologySpreadConstraints[0].topologyKey: expected a label key'],
  [spread({ topologyKey: undefined }), 'topologySpreadConstraints[0].topologyKey: is required; set it'],
  [
    spread({ minDomains: 2, whenUnsatisfiable: 'ScheduleAnyway' }),
    'topologySpreadConstraints[0].minDomains: needs whenUnsatisfiable: DoNotSchedule',
  ],
  [
    spread({ nodeTaintsPolicy: 'honor' }),
    'topologySpreadConstraints[0].nodeTaintsPolicy: expected one of Honor, Ignore',
  ],
  [
    {
      topologySpreadConstraints: [
        ...spread({}).topologySpreadConstraints,
        ...spread({ maxSkew: 2 }).topologySpreadConstraints,
      ],
    },
    'topologySpreadConstraints[1]: given twice',
  ],
  [
    node({ [REQUIRED]: { nodeSelectorTerms: [] } }),
    `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms: expected at least one term`,
  ],
  [
    node({ [REQUIRED]: { nodeSelectorTerms: [{}] } }),
    `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0]: an empty term selects no node`,
  ],
  [node({ [REQUIRED]: {} }), `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms: is required; set it`],
  [
    expression({ key: 'a', operator: 'Equals', values: ['b'] }),
    'matchExpressions[0].operator: expected one of In, NotIn, Exists, DoesNotExist, Gt, Lt',
  ],
  [expression({ key: 'a', operator: 'In' }), 'matchExpressions[0].values: expected at least one value'],
  [expression({ key: 'a', operator: 'Exists', values: ['b'] }), 'matchExpressions[0].values: expected no values'],
  [
    expression({ key: 'a', operator: 'Gt', values: ['1', '2'] }),
    'matchExpressions[0].values: expected one whole number',
  ],
  [expression({ key: 'a b', operator: 'Exists' }), 'matchExpressions[0].key: expected a label key'],
  [field({ key: 'metadata.uid', operator: 'In', values: ['a'] }), 'matchFields[0].key: expected one of metadata.name'],
  [
    field({ key: 'metadata.name', operator: 'Exists', values: ['a'] }),
    'matchFields[0].operator: expected one of In, NotIn',
  ],
  [
    field({ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }),
    'matchFields[0].values: expected exactly one node name',
  ],
  [
    node({ [PREFERRED]: [{ weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }] }),
    `affinity.nodeAffinity.${PREFERRED}[0].weight: expected a whole number from 1 to 100, got 0`,
  ],
  [
    { affinity: { podAntiAffinity: { [PREFERRED]: [{ weight: 101, podAffinityTerm: { topologyKey: 'a' } }] } } },
    `affinity.podAntiAffinity.${PREFERRED}[0].weight: expected a whole number from 1 to 100`,
  ],
  [term({ topologyKey: '' }), `affinity.podAffinity.${REQUIRED}[0].topologyKey: expected a label key`],
  [term({ namespaces: ['A'] }), `affinity.podAffinity.${REQUIRED}[0].namespaces[0]: expected a DNS label`],
  [
    term({ labelSelector: { matchLabels: { a: 'b c' } } }),
    `affinity.podAffinity.${REQUIRED}[0].labelSelector.matchLabels.a: expected a label value`,
  ],
  [
    term({ labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } }),
    'matchExpressions[0].operator: expected one of In, NotIn, Exists, DoesNotExist',
  ],
  [expression({ key: 'a', operator: 'In', values: ['b c'] }), 'matchExpressions[0].values[0]: expected a label value'],
  [
    field({ key: 'metadata.name', operator: 'In', values: ['A'] }),
    'matchFields[0].values[0]: expected a DNS subdomain',
  ],
  [
    node({ [PREFERRED]: [{ weight: 1, preference: {} }] }),
    `affinity.nodeAffinity.${PREFERRED}[0].preference: an empty term`,
  ],
  [
    term({ namespaceSelector: { matchLabels: { 'a b': 'c' } } }),
    `affinity.podAffinity.${REQUIRED}[0].namespaceSelector.matchLabels.a b: expected a label key`,
  ],
  [
    { affinity: { podAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: { topologyKey: '' } }] } } },
    'podAffinityTerm.topologyKey: expected a label key',
  ],
  [
    spread({ labelSelector: { matchLabels: { a: 'b c' } } }),
    'topologySpreadConstraints[0].labelSelector.matchLabels.a: expected a label value',
  ],
  [spread({ matchLabelKeys: ['a b'] }), 'topologySpreadConstraints[0].matchLabelKeys[0]: expected a label key'],
  [
    spread({ labelSelector: { matchLabels: { a: 'b' } }, matchLabelKeys: ['a'] }),
    'topologySpreadConstraints[0].matchLabelKeys: expected keys that labelSelector does not have',
  ],
  [spread({ minDomains: 0 }), 'topologySpreadConstraints[0].minDomains: expected a whole number from 1'],
  [
    spread({ nodeAffinityPolicy: 'x' }),
    'topologySpreadConstraints[0].nodeAffinityPolicy: expected one of Honor, Ignore',
  ],
]);
