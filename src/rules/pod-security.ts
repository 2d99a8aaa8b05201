import { APP_ARMOR } from '../checks/pod-annotations';
import type { ClusterConfig } from '../config/cluster';
import type { Json, k8s } from '../kubernetes';
import { EtcdWarning } from '../props/warning';
import type { Warnings } from './warnings';

type Container = Json<k8s.Container>;
type Context = Json<k8s.SecurityContext>;

/** A container that the user adds, with its own security context. Others get one that is restricted. */
interface Added {
  readonly name: string;
  readonly path: string;
  readonly container: Container;
  readonly context: Context | undefined;
}

/** What Pod Security would say, and the props that it is about. */
interface Finding {
  readonly paths: readonly string[];
  readonly text: string;
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const ALLOWED = {
  volumes: ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
  seLinuxTypes: ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'],
  sysctls: [
    'kernel.shm_rmid_forced',
    'net.ipv4.ip_local_port_range',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.ping_group_range',
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_keepalive_intvl',
    'net.ipv4.tcp_keepalive_probes',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_rmem',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.tcp_wmem',
  ],
};

/** Warns of pods that a namespace with Pod Security "restricted" refuses, in the words of its admission. */
export function warnOfPodSecurity(config: ClusterConfig, warnings: Warnings): void {
  const added = addedContainers(config);
  const findings = [
    ...escalations(added),
    ...capabilities(added),
    ...hostPorts(added),
    ...ofContext(
      added,
      ({ privileged }) => privileged === true,
      'privileged',
      'must not set securityContext.privileged=true',
    ),
    ...ofContext(
      added,
      ({ runAsNonRoot }) => runAsNonRoot === false,
      'runAsNonRoot != true',
      'must not set securityContext.runAsNonRoot=false',
    ),
    ...ofContext(added, ({ runAsUser }) => runAsUser === 0, 'runAsUser=0', 'must not set runAsUser=0'),
    ...ofContext(
      added,
      ({ seccompProfile }) => seccompProfile?.type === 'Unconfined',
      'seccompProfile',
      'must not set securityContext.seccompProfile.type to "Unconfined"',
    ),
    ...volumes(config),
    ...seLinux(config, added),
    ...sysctls(config),
    ...hosts(added),
    ...appArmor(config),
  ];
  for (const { paths, text } of findings)
    warnings.add(
      EtcdWarning.POD_SECURITY,
      `${paths.join(', ')}: Pod Security "restricted" refuses the pods: ${text}; change it, or use a namespace that allows it`,
    );
}

function addedContainers({ pod }: ClusterConfig): Added[] {
  return (['initContainers', 'sidecars'] as const).flatMap((prop) =>
    pod[prop].map((container, i) => ({
      name: container.name,
      path: `${prop}[${i}]`,
      container,
      context: container.securityContext,
    })),
  );
}

/** `container "a"` or `containers "a", "b"`, as Pod Security lists them. */
function named(added: readonly Added[]): string {
  return `${plural('container', added.length)} ${quoted(added.map(({ name }) => name))}`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

function quoted(items: readonly string[]): string {
  return items.map((item) => `"${item}"`).join(', ');
}

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}

function pathsOf(added: readonly Added[], field = 'securityContext'): string[] {
  return added.map(({ path }) => `${path}.${field}`);
}

function ofContext(
  added: readonly Added[],
  isBad: (context: Context) => boolean,
  reason: string,
  detail: string,
): Finding[] {
  const bad = added.filter(({ context }) => context && isBad(context));
  return bad.length === 0 ? [] : [{ paths: pathsOf(bad), text: `${reason} (${named(bad)} ${detail})` }];
}

function escalations(added: readonly Added[]): Finding[] {
  return ofContext(
    added,
    ({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false,
    'allowPrivilegeEscalation != false',
    'must set securityContext.allowPrivilegeEscalation=false',
  );
}

function capabilities(added: readonly Added[]): Finding[] {
  const addedTo = ({ context }: Added): readonly string[] =>
    (context?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = added.filter(({ context }) => context && !context.capabilities?.drop?.includes('ALL'));
  const adding = added.filter((one) => addedTo(one).length > 0);
  const details = [
    ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [
          `${named(adding)} must not include ${quoted(sorted(adding.flatMap(addedTo)))} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  const bad = added.filter((one) => keeping.includes(one) || adding.includes(one));
  return details.length === 0
    ? []
    : [{ paths: pathsOf(bad), text: `unrestricted capabilities (${details.join('; ')})` }];
}

function hostPorts(added: readonly Added[]): Finding[] {
  const portsOf = ({ container }: Added): string[] =>
    (container.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const bad = added.filter((one) => portsOf(one).length > 0);
  if (bad.length === 0) return [];
  const ports = sorted(bad.flatMap(portsOf));
  const uses = bad.length === 1 ? 'uses' : 'use';
  return [
    {
      paths: pathsOf(bad, 'ports'),
      text: `hostPort (${named(bad)} ${uses} ${plural('hostPort', ports.length)} ${ports.join(', ')})`,
    },
  ];
}

function volumes({ pod }: ClusterConfig): Finding[] {
  const kindsOf = (volume: Json<k8s.Volume>): string[] =>
    Object.keys(volume).filter((key) => key !== 'name' && !ALLOWED.volumes.includes(key));
  const bad = pod.extraVolumes.filter((volume) => kindsOf(volume).length > 0);
  if (bad.length === 0) return [];
  const kinds = sorted(bad.flatMap(kindsOf));
  const what = `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} ${bad.length === 1 ? 'uses' : 'use'}`;
  return [
    {
      paths: bad.map((volume) => `extraVolumes[${pod.extraVolumes.indexOf(volume)}]`),
      text: `restricted volume types (${what} ${plural('restricted volume type', kinds.length)} ${quoted(kinds)})`,
    },
  ];
}

function seLinux({ security }: ClusterConfig, added: readonly Added[]): Finding[] {
  const isBad = (options: Json<k8s.SeLinuxOptions> | undefined): boolean =>
    options !== undefined && (!ALLOWED.seLinuxTypes.includes(options.type ?? '') || !!options.user || !!options.role);
  const ofPod = isBad(security.seLinuxOptions) ? [security.seLinuxOptions] : [];
  const bad = added.filter(({ context }) => isBad(context?.seLinuxOptions));
  const all = [...ofPod, ...bad.map(({ context }) => context?.seLinuxOptions)];
  if (all.length === 0) return [];
  const types = sorted(all.map((options) => options?.type ?? '')).filter(
    (type) => !ALLOWED.seLinuxTypes.includes(type),
  );
  const data = [
    ...(types.length > 0 ? [`${plural('type', types.length)} ${quoted(types)}`] : []),
    ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
    ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
  ];
  const setters = [...(ofPod.length > 0 ? ['pod'] : []), ...(bad.length > 0 ? [named(bad)] : [])];
  return [
    {
      paths: [...(ofPod.length > 0 ? ['security.seLinuxOptions'] : []), ...pathsOf(bad)],
      text: `seLinuxOptions (${setters.join(' and ')} set forbidden securityContext.seLinuxOptions: ${data.join('; ')})`,
    },
  ];
}

function sysctls({ security }: ClusterConfig): Finding[] {
  const bad = security.sysctls.map(({ name }) => name).filter((name) => !ALLOWED.sysctls.includes(name));
  return bad.length === 0 ? [] : [{ paths: ['security.sysctls'], text: `forbidden sysctls (${bad.join(', ')})` }];
}

/** Kubernetes 1.34 and later refuse probes of other hosts. */
function hosts(added: readonly Added[]): Finding[] {
  const hostsOf = ({ container: { livenessProbe, readinessProbe, startupProbe, lifecycle } }: Added): string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
      [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => (host ? [host] : [])),
    );
  const bad = added.filter((one) => hostsOf(one).length > 0);
  if (bad.length === 0) return [];
  const all = sorted(bad.flatMap(hostsOf));
  const containers = sorted(bad.map(({ name }) => name));
  const what = `${plural('container', bad.length)} ${quoted(containers)} ${bad.length === 1 ? 'uses' : 'use'}`;
  return [
    {
      paths: bad.map(({ path }) => path),
      text: `probe or lifecycle host (${what} ${plural('probe or lifecycle host', all.length)} ${quoted(all)})`,
    },
  ];
}

function appArmor({ pod }: ClusterConfig): Finding[] {
  const bad = sorted(
    Object.entries(pod.annotations).flatMap(([key, profile]) =>
      key.startsWith(APP_ARMOR) && !/^$|^runtime\/default$|^localhost\//.test(profile) ? [`${key}="${profile}"`] : [],
    ),
  );
  if (bad.length === 0) return [];
  return [
    {
      paths: ['podAnnotations'],
      text: `${plural('forbidden AppArmor profile', bad.length)} (${plural('annotation', bad.length)} must not set AppArmor profile type to ${quoted(bad)})`,
    },
  ];
}
