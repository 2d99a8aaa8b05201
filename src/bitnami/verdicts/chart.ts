import { FLAG, LIST, MAP, oneOf, TEXT, TEXT_MAP, TEXTS, SECRET_NAMES, WHOLE_OR_NOTHING, type Shape } from '../shapes';
import type { Json } from '../json';
import { dropped, mapped, refused, replaced, under, type Verdicts } from './types';

const HOOK = 'members manage the member list themselves: no Helm hook can block an upgrade';
const OWNER = 'Kubernetes itself changes the group of the volumes (fsGroup): no container runs as root';
const CONTEXT: { readonly [name: string]: readonly [Shape, Json] } = {
  'containerSecurityContext.enabled': [FLAG, true],
  'containerSecurityContext.seLinuxOptions': [MAP, {}],
  'containerSecurityContext.runAsUser': [WHOLE_OR_NOTHING, 1001],
  'containerSecurityContext.runAsGroup': [WHOLE_OR_NOTHING, 1001],
  'containerSecurityContext.runAsNonRoot': [FLAG, true],
  'containerSecurityContext.readOnlyRootFilesystem': [FLAG, true],
  'containerSecurityContext.privileged': [FLAG, false],
  'containerSecurityContext.allowPrivilegeEscalation': [FLAG, false],
  'containerSecurityContext.capabilities.add': [TEXTS, []],
  'containerSecurityContext.capabilities.drop': [TEXTS, ['ALL']],
  'containerSecurityContext.seccompProfile.type': [TEXT, 'RuntimeDefault'],
  'podSecurityContext.enabled': [FLAG, true],
  'podSecurityContext.fsGroupChangePolicy': [TEXT, 'Always'],
  'podSecurityContext.sysctls': [LIST, []],
  'podSecurityContext.supplementalGroups': [LIST, []],
  'podSecurityContext.fsGroup': [WHOLE_OR_NOTHING, 1001],
};
const all = (by: string, items: typeof CONTEXT): Verdicts =>
  Object.fromEntries(Object.entries(items).map(([name, [shape, initial]]) => [name, replaced(by, shape, initial)]));

/** Names, images, and parameters that only Helm or Bitnami's image uses. */
export const CHART: Verdicts = {
  nameOverride: mapped('cluster.name', TEXT, ''),
  fullnameOverride: mapped('cluster.name', TEXT, ''),
  kubeVersion: dropped('it tells Helm which templates to use', TEXT, ''),
  commonLabels: mapped('cluster.labels', TEXT_MAP, {}),
  commonAnnotations: mapped('cluster.annotations', TEXT_MAP, {}),
  clusterDomain: mapped('cluster.clusterDomain', TEXT, 'cluster.local'),
  extraDeploy: dropped('these are your own objects; add them to your app', LIST, [], {
    missed: true,
  }),
  ...under('global', {
    imageRegistry: mapped('cluster.imageRegistry', TEXT, ''),
    imagePullSecrets: mapped('cluster.imagePullSecrets', SECRET_NAMES, []),
    defaultStorageClass: mapped('cluster.storage', TEXT, ''),
    storageClass: mapped('cluster.storage', TEXT, ''),
    'security.allowInsecureImages': dropped('it silences a check of the chart', FLAG, false),
    'compatibility.openshift.adaptSecurityContext': mapped(
      'cluster.security',
      oneOf('', 'auto', 'force', 'disabled'),
      'auto',
    ),
  }),
  ...under('image', {
    registry: mapped('cluster.image', TEXT, 'docker.io'),
    repository: mapped('cluster.image', TEXT, 'bitnami/etcd'),
    tag: mapped('cluster.image', TEXT, '3.5.21-debian-12-r5'),
    digest: mapped('cluster.image', TEXT, ''),
    pullPolicy: mapped('cluster.imagePullPolicy', oneOf('Always', 'IfNotPresent', 'Never'), 'IfNotPresent'),
    pullSecrets: mapped('cluster.imagePullSecrets', SECRET_NAMES, []),
    debug: mapped('cluster.logLevel', FLAG, false),
  }),
  ...under('diagnosticMode', {
    enabled: refused('pods would sleep instead of running etcd; set it to false', FLAG, false),
    command: dropped('there is no diagnostic mode; use kubectl debug', TEXTS, ['sleep'], {
      when: 'diagnosticMode.enabled',
    }),
    args: dropped('there is no diagnostic mode; use kubectl debug', TEXTS, ['infinity'], {
      when: 'diagnosticMode.enabled',
    }),
  }),
  ...under('preUpgradeJob', {
    enabled: replaced(HOOK, FLAG, true),
    annotations: replaced(HOOK, TEXT_MAP, {}),
    podLabels: replaced(HOOK, TEXT_MAP, {}),
    podAnnotations: replaced(HOOK, TEXT_MAP, {}),
    ...all(HOOK, CONTEXT),
    resourcesPreset: replaced(HOOK, TEXT, 'micro'),
    resources: replaced(HOOK, MAP, {}),
  }),
  ...under('volumePermissions', {
    enabled: replaced(OWNER, FLAG, false),
    'image.registry': replaced(OWNER, TEXT, 'docker.io'),
    'image.repository': replaced(OWNER, TEXT, 'bitnami/os-shell'),
    'image.tag': replaced(OWNER, TEXT, '12-debian-12-r43'),
    'image.digest': replaced(OWNER, TEXT, ''),
    'image.pullPolicy': replaced(OWNER, TEXT, 'IfNotPresent'),
    'image.pullSecrets': mapped('cluster.imagePullSecrets', SECRET_NAMES, []),
    resourcesPreset: replaced(OWNER, TEXT, 'nano'),
    resources: replaced(OWNER, MAP, {}),
  }),
};
