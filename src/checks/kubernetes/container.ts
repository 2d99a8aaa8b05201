import { addressProblem } from '../../grammar/address';
import { runnableImageProblem } from '../../grammar/image-reference';
import { dnsLabelProblem, portNameProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, port, text, whole } from '../values';
import { all, distinct, each, fields, needs, rule } from './fields';
import { ENV_FROM, ENV_VAR } from './environment';
import type { Values } from './kube';
import { VOLUME_DEVICE, VOLUME_MOUNT } from './mount';
import { LIFECYCLE, READINESS_PROBE, RESTARTING_PROBE } from './probe';
import { RESOURCES } from './resources';
import { SECURITY_CONTEXT } from './security-context';

type Container = Json<k8s.Container>;
type Port = Json<k8s.ContainerPort>;
type Resize = Json<k8s.ContainerResizePolicy>;

export const PROTOCOL = oneOf(['TCP', 'UDP', 'SCTP']);

const PORT = fields<Port>({
  name: text(portNameProblem),
  containerPort: port,
  hostPort: whole(0, 65_535),
  protocol: PROTOCOL,
  hostIP: text(addressProblem),
});

const RESIZE = fields<Resize>({
  resourceName: oneOf(['cpu', 'memory']),
  restartPolicy: oneOf(['NotRequired', 'RestartContainer']),
});

const COMMON = fields<Container>(
  {
    name: text(dnsLabelProblem),
    image: text(runnableImageProblem),
    imagePullPolicy: oneOf(['Always', 'IfNotPresent', 'Never']),
    terminationMessagePolicy: oneOf(['File', 'FallbackToLogsOnError']),
    ports: all(
      each(PORT),
      distinct(({ name }: Port) => name, '.name', 'another port of this container has this name; choose another'),
      distinct(
        ({ containerPort, protocol = 'TCP' }: Port) => `${protocol} ${containerPort}`,
        '.containerPort',
        'another port of this container has this number and protocol; keep one of them',
      ),
    ),
    env: all(
      each(ENV_VAR),
      distinct(({ name }: Json<k8s.EnvVar>) => name, '.name', 'given twice; keep one of them'),
    ),
    envFrom: each(ENV_FROM),
    resources: RESOURCES,
    resizePolicy: all(
      each(RESIZE),
      distinct(({ resourceName }: Resize) => resourceName, '.resourceName', 'given twice; keep one of them'),
    ),
    securityContext: SECURITY_CONTEXT,
    volumeMounts: all(
      each(VOLUME_MOUNT),
      distinct((m: Json<k8s.VolumeMount>) => m.mountPath, '.mountPath', 'given twice; keep one of them'),
    ),
    volumeDevices: all(
      each(VOLUME_DEVICE),
      distinct((d: Json<k8s.VolumeDevice>) => d.devicePath, '.devicePath', 'given twice; keep one of them'),
      distinct((d: Json<k8s.VolumeDevice>) => d.name, '.name', 'given twice; keep one of them'),
    ),
    lifecycle: LIFECYCLE,
    livenessProbe: RESTARTING_PROBE,
    startupProbe: RESTARTING_PROBE,
    readinessProbe: READINESS_PROBE,
  },
  needs('image'),
  ({ volumeMounts = [], securityContext }, path, problems) =>
    volumeMounts.forEach(({ mountPropagation }, i) => {
      if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true)
        problems.add(
          `${path}.volumeMounts[${i}].mountPropagation`,
          'Bidirectional needs a privileged container; use HostToContainer',
          mountPropagation,
        );
    }),
);

/** @see https://kubernetes.io/docs/concepts/workloads/pods/ */
export const SIDECAR: Values<Container> = all(
  COMMON,
  rule(
    'restartPolicy',
    ({ restartPolicy }) => restartPolicy === undefined,
    'is for init containers only; remove it, or use initContainers',
  ),
);

/** @see https://kubernetes.io/docs/concepts/workloads/pods/init-containers/ */
export const INIT_CONTAINER: Values<Container> = (container, path, problems) => {
  COMMON(container, path, problems);
  const { restartPolicy } = container;
  if (restartPolicy !== undefined && !problems.touch(`${path}.restartPolicy`))
    problems.add(
      `${path}.restartPolicy`,
      'Kubernetes 1.28 ignores it by default; remove it, or use sidecars',
      restartPolicy,
    );
  for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe', 'resizePolicy'] as const)
    if (container[key] !== undefined && !problems.touch(`${path}.${key}`))
      problems.add(`${path}.${key}`, 'init containers cannot have it; remove it');
};
