import { accepts, type Anything, port, portName, q, refuses } from '../../support/refusals';

const sidecar = (value: Anything) => ({ sidecars: [{ name: 'a', image: 'a:1', ...value }] });
const init = (value: Anything) => ({ initContainers: [{ name: 'a', image: 'a:1', ...value }] });
const limits = (requests: Anything, limit: Anything) => sidecar({ resources: { requests, limits: limit } });
const probe = (value: Anything) => sidecar({ readinessProbe: value });

const DISK = { name: 'disk', devicePath: '/dev/disk' };
/** A volume for DISK. */
const DEVICE = { extraVolumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk' } }] };
const RESIZE = { resourceName: 'cpu', restartPolicy: 'NotRequired' };

refuses([
  [sidecar({ name: 'A' }), 'sidecars[0].name: expected a DNS label'],
  [sidecar({ image: '' }), 'sidecars[0].image: expected an image reference'],
  [sidecar({ image: undefined }), 'sidecars[0].image: is required'],
  [sidecar({ imagePullPolicy: 'always' }), 'sidecars[0].imagePullPolicy: expected one of Always, IfNotPresent, Never'],
  [
    sidecar({ ports: [{ containerPort: 0 }] }),
    'sidecars[0].ports[0].containerPort: expected a whole number from 1 to 65535',
  ],
  [
    sidecar({ ports: [{ containerPort: 80, name: 'much-longer-than-fifteen' }] }),
    'sidecars[0].ports[0].name: expected a port name',
  ],
  [
    sidecar({ ports: [{ containerPort: 80, protocol: 'http' }] }),
    'sidecars[0].ports[0].protocol: expected one of TCP, UDP, SCTP',
  ],
  [
    sidecar({ ports: [{ containerPort: 80, hostPort: 70_000 }] }),
    'sidecars[0].ports[0].hostPort: expected a whole number',
  ],
  [sidecar({ ports: [{ containerPort: 80, hostIp: 'x' }] }), 'sidecars[0].ports[0].hostIP: expected an IP address'],
  [
    sidecar({
      ports: [
        { containerPort: 80, name: 'x' },
        { containerPort: 81, name: 'x' },
      ],
    }),
    'sidecars[0].ports[1].name: another port of this container',
  ],
  [
    sidecar({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
    'sidecars[0].ports[1].containerPort: another port of this container has this number and protocol',
  ],
  [sidecar({ env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }), 'sidecars[0].env[2].name: given twice, got "A"'],
  [init({ env: [{ name: 'A' }, { name: 'A' }] }), 'initContainers[0].env[1].name: given twice'],
  [sidecar({ env: [{ name: 'A', value: 1 }] }), 'sidecars[0].env[0].value: expected a string, got 1'],
  [sidecar({ env: [{ name: 'A=B' }] }), 'sidecars[0].env[0].name: expected a variable name'],
  [sidecar({ env: [{ name: 'A', valueFrom: {} }] }), 'sidecars[0].env[0].valueFrom: expected one of'],
  [
    limits({ cpu: q('2') }, { cpu: q('1') }),
    'sidecars[0].resources.requests.cpu: expected at most the limit, which is 1, got "2"',
  ],
  [limits({ gpu: q('1') }, {}), 'sidecars[0].resources.requests.gpu: expected cpu, memory, ephemeral-storage'],
  [limits({ 'example.com/gpu': q('1') }, {}), 'sidecars[0].resources.requests.example.com/gpu: needs the same limit'],
  [
    limits({ 'example.com/gpu': q('1') }, { 'example.com/gpu': q('2') }),
    'sidecars[0].resources.requests.example.com/gpu: expected the limit, which is 2',
  ],
  [limits({ cpu: q('-1') }, {}), 'sidecars[0].resources.requests.cpu: expected a quantity of at least zero'],
  [
    limits({ 'hugepages-2Mi': q('2Mi') }, { 'hugepages-2Mi': q('2Mi') }),
    'sidecars[0].resources: huge pages need cpu or memory beside them, got "hugepages-2Mi"; set one of them',
  ],
  [
    init({ resources: { limits: { 'hugepages-1Gi': q('1Gi') } } }),
    'initContainers[0].resources: huge pages need cpu or memory',
  ],
  [limits({ memory: q('512m') }, {}), 'sidecars[0].resources.requests.memory: expected'],
  [
    sidecar({ resources: { claims: [{ name: 'a' }] } }),
    'sidecars[0].resources.claims: needs resourceClaims of the pod',
  ],
  [limits({}, { 'example.com/a': q('16Ei') }), 'sidecars[0].resources.limits.example.com/a: expected a quantity below'],
  [limits({}, { cpu: q('1Gi') }), 'sidecars[0].resources.limits.cpu: expected a number of CPUs'],
  [sidecar({ tty: 'yes' }), 'sidecars[0].tty: expected true or false, got "yes"'],
  [probe({ tcpSocket: { port: port(1.5) } }), 'sidecars[0].readinessProbe.tcpSocket.port: expected a whole number or'],
  [sidecar({ ports: [{ containerPort: 80, nmae: 'a' }] }), 'sidecars[0].ports[0].nmae: unknown key or wrong type'],
  [init({ image: '' }), 'initContainers[0].image: expected an image reference'],
  [
    { ...DEVICE, ...sidecar({ volumeDevices: [DISK], volumeMounts: [{ name: 'disk', mountPath: '/disk' }] }) },
    'sidecars[0].volumeDevices[0].name: is also in volumeMounts',
  ],
  [
    { ...DEVICE, ...sidecar({ volumeDevices: [DISK], volumeMounts: [{ name: 'data', mountPath: '/dev/disk' }] }) },
    'sidecars[0].volumeDevices[0].devicePath: is also in volumeMounts',
  ],
  [sidecar({ restartPolicy: 'Always' }), 'sidecars[0].restartPolicy: is for init containers only'],
  [sidecar({ terminationMessagePolicy: 'file' }), 'sidecars[0].terminationMessagePolicy: expected one of File'],
  [
    sidecar({
      volumeMounts: [
        { name: 'data', mountPath: '/a' },
        { name: 'data', mountPath: '/a' },
      ],
    }),
    'sidecars[0].volumeMounts[1].mountPath: given twice',
  ],
  [
    sidecar({ volumeMounts: [{ name: 'data', mountPath: '/a', mountPropagation: 'Bidirectional' }] }),
    'volumeMounts[0].mountPropagation: Bidirectional needs a privileged container',
  ],
  [
    sidecar({ volumeDevices: [{ name: 'data', devicePath: 'dev' }] }),
    'sidecars[0].volumeDevices[0].devicePath: expected an absolute path',
  ],
  [
    sidecar({ securityContext: { runAsUser: -1 } }),
    'sidecars[0].securityContext.runAsUser: expected a whole number from 0',
  ],
  [
    sidecar({ securityContext: { procMount: 'Unmasked' } }),
    'sidecars[0].securityContext.procMount: expected one of Default',
  ],
  [
    sidecar({ securityContext: { seccompProfile: { type: 'None' } } }),
    'seccompProfile.type: expected one of RuntimeDefault, Localhost, Unconfined',
  ],
  [
    sidecar({ securityContext: { seccompProfile: { type: 'Localhost' } } }),
    'seccompProfile.localhostProfile: is required with type Localhost',
  ],
  [
    sidecar({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    'securityContext.allowPrivilegeEscalation: cannot be false with privileged: true',
  ],
  [sidecar({ securityContext: { runAsUser: 0 } }), 'securityContext.runAsUser: needs runAsNonRoot: false, because'],
  [sidecar({ securityContext: { windowsOptions: {} } }), 'securityContext.windowsOptions: is for Windows'],
  [
    sidecar({ resizePolicy: [{ resourceName: 'disk', restartPolicy: 'NotRequired' }] }),
    'resizePolicy[0].resourceName: expected one of cpu, memory',
  ],
  [sidecar({ lifecycle: { preStop: {} } }), 'sidecars[0].lifecycle.preStop: expected one of exec, httpGet, tcpSocket'],
  [probe({}), 'sidecars[0].readinessProbe: expected one of exec, httpGet, tcpSocket, grpc'],
  [probe({ exec: {} }), 'sidecars[0].readinessProbe.exec.command: is required'],
  [
    probe({ exec: { command: ['a'] }, grpc: { port: 80 } }),
    'sidecars[0].readinessProbe.grpc: cannot be combined with exec',
  ],
  [probe({ httpGet: { port: portName('A') } }), 'sidecars[0].readinessProbe.httpGet.port: expected a port name'],
  [probe({ httpGet: { port: port(0) } }), 'sidecars[0].readinessProbe.httpGet.port: expected a whole number from 1'],
  [
    probe({ httpGet: { port: port(80), scheme: 'ftp' } }),
    'sidecars[0].readinessProbe.httpGet.scheme: expected one of HTTP, HTTPS',
  ],
  [
    probe({ httpGet: { port: port(80), httpHeaders: [{ name: 'a b', value: '' }] } }),
    'httpHeaders[0].name: expected the name of an HTTP header',
  ],
  [
    probe({ tcpSocket: { port: port(80) }, periodSeconds: -1 }),
    'sidecars[0].readinessProbe.periodSeconds: expected a whole number from 0',
  ],
  [
    probe({ tcpSocket: { port: port(80) }, terminationGracePeriodSeconds: 5 }),
    'readinessProbe.terminationGracePeriodSeconds: is for liveness and startup probes only',
  ],
  [
    sidecar({ livenessProbe: { tcpSocket: { port: port(80) }, successThreshold: 2 } }),
    'sidecars[0].livenessProbe.successThreshold: expected 1',
  ],
  [
    sidecar({ ports: [{ containerPort: 2379 }] }),
    'sidecars[0].ports[0].containerPort: is a port of etcd in the same pod',
  ],
  [
    sidecar({ ports: [{ name: 'metrics', containerPort: 80 }] }),
    'sidecars[0].ports[0].name: is the name of a port of etcd',
  ],
  [
    sidecar({
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
    'sidecars[0].ports[1].hostPort: is already a port of another container',
  ],
  [
    sidecar({ volumeDevices: [{ name: 'data', devicePath: '/dev/x' }] }),
    'sidecars[0].volumeDevices[0].name: needs a claim',
  ],
  [
    init({ livenessProbe: { tcpSocket: { port: port(80) } } }),
    'initContainers[0].livenessProbe: init containers cannot have it',
  ],
  [init({ lifecycle: {} }), 'initContainers[0].lifecycle: init containers cannot have it'],
  [init({ restartPolicy: 'Always' }), 'initContainers[0].restartPolicy: Kubernetes 1.28 ignores it'],
  [
    sidecar({ volumeDevices: [{ name: 'A', devicePath: '/dev/x' }] }),
    'sidecars[0].volumeDevices[0].name: expected a DNS label',
  ],
  [
    sidecar({ volumeMounts: [{ name: 'data', mountPath: 'x' }] }),
    'sidecars[0].volumeMounts[0].mountPath: expected an absolute path',
  ],
  [sidecar({ envFrom: [{}] }), 'sidecars[0].envFrom[0]: expected one of configMapRef, secretRef'],
  [probe({ exec: { command: [] } }), 'sidecars[0].readinessProbe.exec.command: expected a command'],
  [probe({ httpGet: { path: '', port: port(80) } }), 'sidecars[0].readinessProbe.httpGet.path: expected a path'],
  [probe({ tcpSocket: { port: port(0) } }), 'sidecars[0].readinessProbe.tcpSocket.port: expected a whole number'],
  [probe({ grpc: { port: 0 } }), 'sidecars[0].readinessProbe.grpc.port: expected a whole number'],
  [
    probe({ grpc: { port: 80 }, initialDelaySeconds: -1 }),
    'readinessProbe.initialDelaySeconds: expected a whole number',
  ],
  [probe({ grpc: { port: 80 }, timeoutSeconds: -1 }), 'readinessProbe.timeoutSeconds: expected a whole number'],
  [probe({ grpc: { port: 80 }, failureThreshold: -1 }), 'readinessProbe.failureThreshold: expected a whole number'],
  [probe({ grpc: { port: 80 }, successThreshold: -1 }), 'readinessProbe.successThreshold: expected a whole number'],
  [
    sidecar({ livenessProbe: { grpc: { port: 80 }, terminationGracePeriodSeconds: 0 } }),
    'livenessProbe.terminationGracePeriodSeconds: expected a whole number',
  ],
  [sidecar({ startupProbe: {} }), 'sidecars[0].startupProbe: expected one of'],
  [sidecar({ lifecycle: { postStart: { exec: {} } } }), 'lifecycle.postStart.exec.command: is required'],
  [
    sidecar({ lifecycle: { preStop: { httpGet: { port: port(0) } } } }),
    'lifecycle.preStop.httpGet.port: expected a whole number',
  ],
  [
    sidecar({ lifecycle: { preStop: { tcpSocket: { port: port(0) } } } }),
    'lifecycle.preStop.tcpSocket.port: expected a whole number',
  ],
  [limits({}, { gpu: q('1') }), 'sidecars[0].resources.limits.gpu: expected cpu, memory'],
  [
    limits({}, { 'example.com/gpu': q('1500m') }),
    'sidecars[0].resources.limits.example.com/gpu: expected a whole number',
  ],
  [
    sidecar({ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: '../a' } } }),
    'seccompProfile.localhostProfile: expected a relative path',
  ],
  [sidecar({ securityContext: { runAsGroup: -1 } }), 'sidecars[0].securityContext.runAsGroup: expected a whole number'],
  [
    sidecar({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'Always' }] }),
    'resizePolicy[0].restartPolicy: expected one of NotRequired',
  ],
  [sidecar({ resizePolicy: [RESIZE, RESIZE] }), 'sidecars[0].resizePolicy[1].resourceName: given twice'],
  [
    sidecar({
      volumeDevices: [
        { name: 'x', devicePath: '/a' },
        { name: 'x', devicePath: '/b' },
      ],
    }),
    'sidecars[0].volumeDevices[1].name: given twice',
  ],
  [
    sidecar({
      volumeDevices: [
        { name: 'x', devicePath: '/a' },
        { name: 'y', devicePath: '/a' },
      ],
    }),
    'sidecars[0].volumeDevices[1].devicePath: given twice',
  ],
]);

accepts([
  [sidecar({ securityContext: { runAsUser: 0, runAsNonRoot: false } })],
  [limits({ cpu: q('1') }, { 'hugepages-2Mi': q('2Mi') })],
  [limits({}, { memory: q('1Gi'), 'hugepages-2Mi': q('2Mi') })],
  [
    sidecar({
      ports: [
        { containerPort: 53, name: 'a' },
        { containerPort: 53, name: 'b', protocol: 'UDP' },
      ],
    }),
  ],
]);
