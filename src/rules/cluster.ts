import type { ClusterConfig } from '../config/cluster';
import { CONTAINER, VOLUME } from '../constants/names';
import { upgradeProblem } from '../constants/version';
import type { Json, k8s } from '../kubernetes';
import { EtcdWarning } from '../props/warning';
import { parseQuantity } from '../grammar/quantity';
import type { Problems } from '../checks/problems';
import { checkAuth } from './auth';
import { checkExpansions } from './expansions';
import { checkFlags } from './flags';
import { checkAnnotations } from './annotations';
import { checkContainers } from './containers';
import { checkDnsNames } from './dns';
import { checkPaths } from './paths';
import { warnOfPodSecurity } from './pod-security';
import { checkProbes } from './probes';
import { checkReferences } from './references';
import { checkServices } from './services';
import { checkSizes } from './sizes';
import { checkTimes } from './times';
import { checkTls } from './tls';
import { checkUseless } from './useless';
import type { Warnings } from './warnings';

/** Rules between props, and between props and the objects of the library. */
export function checkCluster(config: ClusterConfig, problems: Problems, warnings: Warnings): void {
  checkTimes(config, problems, warnings);
  checkProbes(config, problems, warnings);
  checkPorts(config, problems);
  checkFlags(config, problems, warnings);
  checkPod(config, problems);
  checkContainers(config, problems);
  checkReferences(config, problems);
  checkPaths(config, problems);
  checkExpansions(config, problems);
  checkServices(config, problems);
  checkTls(config, problems);
  checkAuth(config, problems, warnings);
  checkDnsNames(config, problems);
  checkAnnotations(config, problems);
  checkUpgrade(config, problems);
  checkResources(config.pod.resources, problems);
  checkResources(config.restore.resources, problems, 'restoreFrom.resources');
  checkTakenNames(config, problems);
  checkUseless(config, problems);
  checkSizes(config, problems, warnings);
  warnOfRisks(config, warnings);
  warnOfPodSecurity(config, warnings);
}

/** Kubernetes refuses a request above its limit. Also used for jobs. */
export function checkResources(
  { requests, limits }: ClusterConfig['pod']['resources'],
  problems: Problems,
  path = 'resources',
): void {
  if (problems.touch(path)) return;
  for (const [name, limit] of Object.entries(limits ?? {})) {
    const request = requests?.[name];
    if (request === undefined || parseQuantity(String(request)) <= parseQuantity(String(limit))) continue;
    const prop = { cpu: 'cpuLimit', 'ephemeral-storage': 'ephemeralStorageLimit' }[name] ?? name;
    problems.add(`${path}.${prop}`, `expected at least the request, which is ${String(request)}`, limit);
  }
}

/** Objects that Kubernetes itself creates. Applying them would change those. */
function checkTakenNames({ names, namespace, serviceAccount, clientService }: ClusterConfig, problems: Problems): void {
  if (problems.touch('name', 'namespace', 'serviceAccount')) return;
  if (serviceAccount.create && serviceAccount.name === 'default')
    problems.add(
      serviceAccount.named ? 'serviceAccount.name' : 'name',
      'Kubernetes creates a ServiceAccount of this name for all pods of the namespace; choose another name',
      serviceAccount.name,
    );
  if (clientService.enabled && names.clientService === 'kubernetes' && namespace === 'default')
    problems.add(
      'name',
      'Kubernetes creates a Service of this name for its API server; choose another name',
      'kubernetes',
    );
}

function checkUpgrade({ image, upgradeFrom }: ClusterConfig, problems: Problems): void {
  if (upgradeFrom === undefined || problems.touch('upgradeFrom', 'image')) return;
  const problem = upgradeProblem(upgradeFrom, image.version);
  if (problem !== undefined) problems.add('upgradeFrom', problem, upgradeFrom);
}

/** Members have no capabilities, so they cannot listen on the ports that Linux keeps for root. */
const UNPRIVILEGED = { sysctl: 'net.ipv4.ip_unprivileged_port_start', first: '1024' };

function checkPorts({ etcd: { ports }, security }: ClusterConfig, problems: Problems): void {
  const { sysctl, first } = UNPRIVILEGED;
  const least = Number(security.sysctls.find(({ name }) => name.replace(/\//g, '.') === sysctl)?.value ?? first);
  const used = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const other = used.get(port);
    if (other !== undefined && !problems.touch('ports'))
      problems.add(`ports.${name}`, `is already used by ${other}; choose another port`, port);
    used.set(port, name);
    if (port < least && !problems.touch(`ports.${name}`, 'security.sysctls'))
      problems.add(
        `ports.${name}`,
        `expected at least ${least}, because members may not listen below; choose another port: the Service for clients may have any, in clientService.port`,
        port,
      );
  }
}

function checkPod({ pod, storage }: ClusterConfig, problems: Problems): void {
  const containers = [...namesIn('initContainers', pod.initContainers), ...namesIn('sidecars', pod.sidecars)];
  unique([...containers], Object.values(CONTAINER), 'container', problems);
  const claims = storage.extraVolumeClaimTemplates.map((claim, i) => ({
    name: claim.metadata?.name ?? '',
    path: `extraVolumeClaimTemplates[${i}].metadata.name`,
  }));
  unique([...namesIn('extraVolumes', pod.extraVolumes), ...claims], Object.values(VOLUME), 'volume', problems);
  const volumes = [VOLUME.data, ...[...namesIn('', pod.extraVolumes), ...claims].map(({ name }) => name)];
  const mounts = (path: string, list: readonly Json<k8s.VolumeMount>[] = []): void => {
    list.forEach(({ name }, i) => {
      if (!volumes.includes(name))
        problems.add(`${path}[${i}].name`, 'unknown volume; add it to extraVolumes or extraVolumeClaimTemplates', name);
    });
  };
  mounts('extraVolumeMounts', pod.extraVolumeMounts);
  for (const prop of ['initContainers', 'sidecars'] as const)
    pod[prop].forEach((container, i) => mounts(`${prop}[${i}].volumeMounts`, container.volumeMounts));
}

interface Named {
  readonly name: string;
  readonly path: string;
}

function namesIn(prop: string, items: readonly (k8s.Container | k8s.Volume)[]): Named[] {
  return items.map(({ name }, i) => ({ name, path: `${prop}[${i}].name` }));
}

function unique(items: Named[], taken: string[], what: string, problems: Problems): void {
  const seen = new Set(taken);
  for (const { name, path } of items) {
    if (seen.has(name)) problems.add(path, `another ${what} has this name; choose another`, name);
    seen.add(name);
  }
}

function warnOfRisks(config: ClusterConfig, warnings: Warnings): void {
  const { replicas, storage } = config;
  if (replicas % 2 === 0) {
    warnings.add(
      EtcdWarning.EVEN_REPLICAS,
      `replicas: ${replicas} members tolerate no more failures than ${replicas - 1}; use ${replicas - 1} or ${replicas + 1}`,
    );
  }
  if (storage.emptyDir)
    warnings.add(
      EtcdWarning.EMPTY_DIR,
      'storage: the data in an emptyDir is lost with its pod; use EtcdStorage.persistentVolumeClaim() for data that matters',
    );
  for (const [key, value] of Object.entries(config.storage.claimRetention)) {
    if (value === 'Delete')
      warnings.add(
        EtcdWarning.CLAIM_DELETION,
        `claimRetentionPolicy.${key}: Kubernetes deletes claims and their data; use EtcdClaimRetention.RETAIN to keep them`,
      );
  }
  const { enabled, maxUnavailable } = config.rollout.podDisruptionBudget;
  if (enabled && maxUnavailable === 0)
    warnings.add(
      EtcdWarning.BLOCKED_DRAINS,
      'podDisruptionBudget.maxUnavailable: no node with a member can be drained with 0; use 1, which keeps the quorum of three members',
    );
  if (enabled && config.rollout.podDisruptionBudget.maxUnavailable > 1) {
    warnings.add(
      EtcdWarning.LOOSE_BUDGET,
      `podDisruptionBudget.maxUnavailable: ${config.rollout.podDisruptionBudget.maxUnavailable} members may be drained at the same time; use 1 to keep the quorum`,
    );
  }
}
