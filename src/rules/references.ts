import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { CONTAINER, MEMBER_ENV, PORT } from '../constants/names';
import type { Json, k8s } from '../kubernetes';

type Container = Json<k8s.Container>;

/** Names in a pod of something that it does not have. Kubernetes accepts them; then containers do not start, or probes fail. */
export function checkReferences(config: ClusterConfig, problems: Problems): void {
  const { pod, clientService } = config;
  pod.sidecars.forEach((container, i) => checkHandlers(`sidecars[${i}]`, container, problems));
  checkTargetPorts(clientService.extraPorts, pod.sidecars, problems);
  checkFileResources(pod, problems);
  checkVariables(config, problems);
  checkVolumeNames(config, problems);
}

/** Whether a port is given by its name. */
function isName(port: string | number | undefined): port is string {
  return typeof port === 'string' && !/^\d+$/.test(port);
}

/** A probe finds a port by its name in its own container. */
function checkHandlers(path: string, container: Container, problems: Problems): void {
  const { lifecycle = {}, livenessProbe, readinessProbe, startupProbe, ports = [] } = container;
  const { postStart, preStop } = lifecycle;
  const handlers = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    'lifecycle.postStart': postStart,
    'lifecycle.preStop': preStop,
  };
  for (const [name, handler] of Object.entries(handlers))
    for (const kind of ['httpGet', 'tcpSocket'] as const) {
      const port = handler?.[kind]?.port;
      if (isName(port) && !ports.some((known) => known.name === port))
        problems.add(`${path}.${name}.${kind}.port`, 'no port of this container has this name; add it to ports', port);
    }
}

function checkTargetPorts(
  extraPorts: ClusterConfig['clientService']['extraPorts'],
  sidecars: readonly Container[],
  problems: Problems,
): void {
  const names = [...Object.values(PORT), ...sidecars.flatMap(({ ports = [] }) => ports.map(({ name }) => name))];
  extraPorts.forEach(({ targetPort }, i) => {
    if (isName(targetPort) && !names.includes(targetPort))
      problems.add(
        `clientService.extraPorts[${i}].targetPort`,
        'no container of the members has a port of this name; add it to a sidecar',
        targetPort,
      );
  });
}

function checkFileResources(
  { extraVolumes, initContainers, sidecars }: ClusterConfig['pod'],
  problems: Problems,
): void {
  const names = [...Object.values(CONTAINER), ...[...initContainers, ...sidecars].map(({ name }) => name)];
  extraVolumes.forEach(({ downwardAPI, projected }, i) => {
    const path = `extraVolumes[${i}]`;
    const lists = [
      { path: `${path}.downwardAPI`, items: downwardAPI?.items ?? [] },
      ...(projected?.sources ?? []).map((source, j) => ({
        path: `${path}.projected.sources[${j}].downwardAPI`,
        items: source.downwardAPI?.items ?? [],
      })),
    ];
    for (const list of lists)
      list.items.forEach(({ resourceFieldRef }, j) => {
        const name = resourceFieldRef?.containerName;
        if (name !== undefined && !names.includes(name))
          problems.add(
            `${list.path}.items[${j}].resourceFieldRef.containerName`,
            `no container of the pod has this name; use ${CONTAINER.etcd}, or the name of another one`,
            name,
          );
      });
  });
}

/** `subPathExpr` of a variable that the container does not have: it does not start. */
function checkVariables({ pod, etcd }: ClusterConfig, problems: Problems): void {
  const check = (
    path: string,
    mounts: readonly Json<k8s.VolumeMount>[] = [],
    known: (name: string) => boolean,
  ): void => {
    mounts.forEach(({ subPathExpr = '' }, i) => {
      const names = [...subPathExpr.matchAll(/(\$\$)|\$\(([^)]*)\)/g)].flatMap(([, , name]) => name ?? []);
      const unknown = names.find((name) => !known(name));
      if (unknown !== undefined)
        problems.add(
          `${path}[${i}].subPathExpr`,
          `the container has no variable ${unknown}; add it to its environment`,
          subPathExpr,
        );
    });
  };
  const given = (env: readonly Json<k8s.EnvVar>[], from: readonly unknown[]) => (name: string) =>
    from.length > 0 || env.some((one) => one.name === name);
  const isExtra = given(etcd.extraEnv, etcd.extraEnvFrom);
  check(
    'extraVolumeMounts',
    pod.extraVolumeMounts,
    (name) => MEMBER_ENV.includes(name) || name.startsWith('ETCD_') || isExtra(name),
  );
  for (const prop of ['initContainers', 'sidecars'] as const)
    pod[prop].forEach(({ volumeMounts, env = [], envFrom = [] }, i) =>
      check(`${prop}[${i}].volumeMounts`, volumeMounts, given(env, envFrom)),
    );
}

/** A claim for each member is made from a template. */
function checkVolumeNames({ storage, replicas }: ClusterConfig, problems: Problems): void {
  storage.extraVolumeClaimTemplates.forEach(({ spec }, i) => {
    if (spec?.volumeName && replicas > 1 && !problems.touch('replicas'))
      problems.add(
        `extraVolumeClaimTemplates[${i}].spec.volumeName`,
        `the claims of ${replicas} members cannot be bound to one volume; remove it, or use a selector`,
        spec.volumeName,
      );
  });
}
