import { DEFAULTS } from '../../constants/defaults';
import { selectorLabels } from '../../constants/names';
import type { Context } from '../context';
import { duration, member, type Plain, type PlainObject } from '../expression';
import { ownLabels, selector } from '../names';
import { nodeAffinity, podAffinity } from '../presets';
import { SCRAPED_PORT } from '../verdicts/jobs';
import { resources } from './resources';

export function pod(c: Context): PlainObject {
  const { values } = c;
  return {
    resources: resources(c, ''),
    ...affinity(c),
    topologySpreadConstraints: c.kubernetesList('topologySpreadConstraints', 'TopologySpreadConstraint'),
    nodeSelector: c.texts('nodeSelector'),
    tolerations: c.kubernetesList('tolerations', 'Toleration'),
    priorityClassName: c.text('priorityClassName'),
    runtimeClassName: c.text('runtimeClassName'),
    schedulerName: c.text('schedulerName'),
    hostAliases: c.kubernetesList('hostAliases', 'HostAlias'),
    security: security(c),
    startupProbe: probe(c, 'startupProbe'),
    readinessProbe: probe(c, 'readinessProbe'),
    livenessProbe: probe(c, 'livenessProbe'),
    podLabels: ownLabels(values.texts('podLabels')),
    podAnnotations: podAnnotations(c),
    extraVolumes: c.kubernetesList('extraVolumes', 'Volume'),
    extraVolumeMounts: c.kubernetesList('extraVolumeMounts', 'VolumeMount'),
    initContainers: c.kubernetesList('initContainers', 'Container'),
    sidecars: c.kubernetesList('sidecars', 'Container'),
    shareProcessNamespace: values.flag('shareProcessNamespace') || undefined,
  };
}

/** `affinity` replaces all presets of the chart. Without it, the presets apply. */
function affinity(c: Context): PlainObject {
  const { values } = c;
  const given = values.map('affinity');
  if (Object.keys(given).length > 0) {
    const hasAnti = given.podAntiAffinity !== undefined && given.podAntiAffinity !== null;
    return {
      antiAffinity: hasAnti ? undefined : member('EtcdAntiAffinity', 'none'),
      affinity: c.kubernetes('affinity', 'Affinity', given),
    };
  }
  const { name, instance } = selector(values);
  const members = selectorLabels(name, instance);
  if (values.text('nodeAffinityPreset.type') !== '') {
    const lacks = ['key', 'values'].filter((name) => String(values.get(`nodeAffinityPreset.${name}`) as string) === '');
    for (const name of lacks)
      c.refuse(
        `nodeAffinityPreset.${name}`,
        `is empty, which Kubernetes refuses with type ${values.text('nodeAffinityPreset.type')}; set it, or remove nodeAffinityPreset`,
      );
  }
  const nodes = nodeAffinity(
    values.text('nodeAffinityPreset.type'),
    values.text('nodeAffinityPreset.key'),
    values.list('nodeAffinityPreset.values') as string[],
  );
  const pods = podAffinity(values.text('podAffinityPreset'), members);
  const presets = { ...(nodes && { nodeAffinity: nodes }), ...(pods && { podAffinity: pods }) };
  const anti = { soft: undefined, hard: 'required', '': 'none' }[values.text('podAntiAffinityPreset')];
  return {
    antiAffinity: anti === undefined ? undefined : member('EtcdAntiAffinity', anti),
    affinity: nodes || pods ? c.kubernetes('affinity', 'Affinity', presets) : undefined,
  };
}

const ADAPT = 'global.compatibility.openshift.adaptSecurityContext';
const USER = 'containerSecurityContext.runAsUser';
const GROUP = 'containerSecurityContext.runAsGroup';
const FS_GROUP = 'podSecurityContext.fsGroup';

/** Whether the platform assigns the user and the groups. With `auto`, Helm decides by the cluster that it sees. */
function platformAssignsIds(c: Context): boolean {
  const { values } = c;
  const mode = values.text(ADAPT);
  if (mode === 'force') return true;
  if ([FS_GROUP, USER].every((parameter) => values.isRead(parameter) && values.get(parameter) === '')) return true;
  if (mode !== 'auto' || !values.isRead(USER) || values.get(USER) === '') return false;
  if (!c.live) {
    c.find(
      'differs',
      ADAPT,
      `on OpenShift, the chart lets the platform assign runAsUser and fsGroup; the import always sets ${values.text(USER)}: ` +
        'on OpenShift, add security: { platformAssignsIds: true }, or use --live FILE',
    );
    return false;
  }
  if (c.live.namesUser) return false;
  c.find(
    'differs',
    ADAPT,
    'the live pods do not set a user, as on OpenShift: the import also lets the platform assign it (platformAssignsIds)',
  );
  return true;
}

function security(c: Context): PlainObject {
  const { values } = c;
  const id = (parameter: string): number | undefined => {
    const value = values.isRead(parameter) ? values.get(parameter) : DEFAULTS.security.user;
    return value === '' || value === DEFAULTS.security.user ? undefined : Number(value);
  };
  const groups = values.isRead('podSecurityContext.supplementalGroups')
    ? values.list('podSecurityContext.supplementalGroups')
    : [];
  const linux = values.isRead('containerSecurityContext.seLinuxOptions')
    ? values.map('containerSecurityContext.seLinuxOptions')
    : {};
  const byPlatform = platformAssignsIds(c);
  for (const parameter of [USER, GROUP, FS_GROUP]) {
    if (!values.isRead(parameter) || values.line(parameter) === undefined) continue;
    const value = values.get(parameter);
    if (byPlatform && value !== '') c.change('differs', parameter, 'is left out: the platform assigns it');
    else if (!byPlatform && value === '')
      c.change('differs', parameter, `becomes ${DEFAULTS.security.user}, because either all ids are set or none`);
  }
  const ids = byPlatform ? { platformAssignsIds: true } : { user: id(USER), group: id(GROUP), fsGroup: id(FS_GROUP) };
  return {
    ...ids,
    supplementalGroups: groups.length === 0 ? undefined : groups.map(Number),
    seLinuxOptions:
      Object.keys(linux).length === 0
        ? undefined
        : c.kubernetes('containerSecurityContext.seLinuxOptions', 'SeLinuxOptions', linux),
    sysctls: values.isRead('podSecurityContext.sysctls')
      ? c.kubernetesList('podSecurityContext.sysctls', 'Sysctl')
      : undefined,
  };
}

const TIMES = {
  initialDelaySeconds: 'initialDelay',
  periodSeconds: 'period',
  timeoutSeconds: 'timeout',
} as const;

/**
 * Timings that differ from the chart's defaults. The library's defaults are quicker, because its probes need no shell.
 */
function probe(c: Context, name: string): PlainObject | undefined {
  const { values } = c;
  const parameter = (key: string): string => `${name}.${key}`;
  if (!values.flag(parameter('enabled')))
    return name !== 'startupProbe' && values.differs(parameter('enabled')) ? { enabled: false } : undefined;
  const times = Object.entries(TIMES).map(([key, prop]): [string, Plain] => [
    prop,
    values.differs(parameter(key)) ? duration(values.number(parameter(key))) : undefined,
  ]);
  const counts = ['failureThreshold', 'successThreshold'].map((key): [string, Plain] => [
    key,
    values.differs(parameter(key)) ? values.number(parameter(key)) : undefined,
  ]);
  return Object.fromEntries([...times, ...counts]);
}

/** With metrics, the chart's annotations for Prometheus, with the library's metrics port. */
function podAnnotations(c: Context): PlainObject | undefined {
  const { values } = c;
  const own = values.texts('podAnnotations');
  if (!values.flag('metrics.enabled')) return c.texts('podAnnotations');
  const scrape = 'metrics.podAnnotations.prometheus.io/scrape';
  const port = 'metrics.podAnnotations.prometheus.io/port';
  const given = values.text(port);
  const metrics = values.flag('metrics.useSeparateEndpoint')
    ? values.text('containerPorts.metrics')
    : String(DEFAULTS.ports.metrics);
  return {
    ...own,
    'prometheus.io/scrape': values.text(scrape),
    'prometheus.io/port': given === SCRAPED_PORT ? metrics : given,
    ...values.scrapeAnnotations,
  };
}
