import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { PORT } from '../constants/names';
import type { Json, k8s } from '../kubernetes';

type Container = Json<k8s.Container>;

/** What containers that the user adds share with the others of their pod: ports and volumes. */
export function checkContainers({ pod, etcd, storage }: ClusterConfig, problems: Problems): void {
  checkPorts(pod.sidecars, etcd.ports, problems);
  const claims = [
    ...storage.extraVolumeClaimTemplates.map(({ metadata }) => metadata?.name),
    ...pod.extraVolumes.flatMap((volume) => ((volume.persistentVolumeClaim ?? volume.ephemeral) ? [volume.name] : [])),
  ];
  for (const prop of ['initContainers', 'sidecars'] as const)
    pod[prop].forEach((container, i) => checkDevices(`${prop}[${i}]`, container, claims, problems));
}

/** Containers of a pod share its address. */
function checkPorts(sidecars: readonly Container[], own: ClusterConfig['etcd']['ports'], problems: Problems): void {
  const taken = Object.values(own);
  const names = (Object.keys(own) as (keyof typeof own)[]).map((port): string => PORT[port]);
  const onNode = new Set<string>();
  sidecars.forEach(({ ports = [] }, i) =>
    ports.forEach(({ name = '', containerPort, hostPort = 0, hostIP = '', protocol = 'TCP' }, j) => {
      const at = `sidecars[${i}].ports[${j}]`;
      if (names.includes(name))
        problems.add(`${at}.name`, 'is the name of a port of etcd, by which Services find it; choose another', name);
      if (protocol === 'TCP' && taken.includes(containerPort))
        problems.add(`${at}.containerPort`, 'is a port of etcd in the same pod; choose another', containerPort);
      const key = `${protocol} ${hostIP} ${hostPort}`;
      if (hostPort !== 0 && onNode.has(key))
        problems.add(`${at}.hostPort`, 'is already a port of another container; choose another', hostPort);
      onNode.add(key);
    }),
  );
}

function checkDevices(path: string, container: Container, claims: readonly (string | undefined)[], problems: Problems) {
  const { volumeDevices = [], volumeMounts = [] } = container;
  volumeDevices.forEach(({ name, devicePath }, i) => {
    const at = `${path}.volumeDevices[${i}]`;
    if (!claims.includes(name))
      problems.add(`${at}.name`, 'needs a claim; add it to extraVolumeClaimTemplates, or use volumeMounts', name);
    else if (volumeMounts.some((mount) => mount.name === name))
      problems.add(`${at}.name`, 'is also in volumeMounts; keep one of them', name);
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath))
      problems.add(`${at}.devicePath`, 'is also in volumeMounts; choose another path', devicePath);
  });
}
