import { accepts, type Anything, port, portName, q, refuses } from '../support/refusals';

const sidecar = (value: Anything) => ({ sidecars: [{ name: 'a', image: 'a:1', ...value }] });
const WEB = [{ name: 'web', containerPort: 80 }];
const servicePort = (targetPort: Anything, more: Anything = {}) => ({
  clientService: { extraPorts: [{ name: 'more', port: 80, targetPort }] },
  ...more,
});
const DISK = { name: 'disk', mountPath: '/disk' };
const subPath = (subPathExpr: string, more: Anything = {}) => ({
  extraVolumes: [{ name: 'disk', emptyDir: {} }],
  extraVolumeMounts: [{ ...DISK, subPathExpr }],
  ...more,
});
const file = (containerName: string) => ({ path: 'cpu', resourceFieldRef: { resource: 'limits.cpu', containerName } });
const download = (containerName: string) => ({
  extraVolumes: [{ name: 'info', downwardApi: { items: [file(containerName)] } }],
});
const claim = (volumeName: string, replicas: number) => ({
  replicas,
  extraVolumeClaimTemplates: [
    {
      metadata: { name: 'more' },
      spec: { accessModes: ['ReadWriteOnce'], volumeName, resources: { requests: { storage: q('1Gi') } } },
    },
  ],
  acknowledgeWarnings: ['EvenReplicas'],
});

refuses([
  [
    sidecar({ readinessProbe: { httpGet: { port: portName('web') } } }),
    'sidecars[0].readinessProbe.httpGet.port: no port of this container has this name, got "web"; add it to ports',
  ],
  [
    sidecar({ ports: WEB, livenessProbe: { tcpSocket: { port: portName('wep') } } }),
    'sidecars[0].livenessProbe.tcpSocket.port: no port of this container has this name, got "wep"',
  ],
  [
    sidecar({ lifecycle: { preStop: { httpGet: { port: portName('web') } } } }),
    'sidecars[0].lifecycle.preStop.httpGet.port: no port of this container has this name',
  ],
  [
    servicePort(portName('web')),
    'clientService.extraPorts[0].targetPort: no container of the members has a port of this name, got "web"',
  ],
  [
    download('etdc'),
    'extraVolumes[0].downwardAPI.items[0].resourceFieldRef.containerName: no container of the pod has this name, got "etdc"',
  ],
  [
    { extraVolumes: [{ name: 'info', projected: { sources: [{ downwardApi: { items: [file('b')] } }] } }] },
    'extraVolumes[0].projected.sources[0].downwardAPI.items[0].resourceFieldRef.containerName: no container',
  ],
  [
    subPath('$(ZONE)/x'),
    'extraVolumeMounts[0].subPathExpr: the container has no variable ZONE, got "$(ZONE)/x"; add it to its environment',
  ],
  [
    {
      extraVolumes: [{ name: 'disk', emptyDir: {} }],
      ...sidecar({ volumeMounts: [{ ...DISK, subPathExpr: '$(A)' }] }),
    },
    'sidecars[0].volumeMounts[0].subPathExpr: the container has no variable A',
  ],
  [
    claim('pv-1', 3),
    'extraVolumeClaimTemplates[0].spec.volumeName: the claims of 3 members cannot be bound to one volume, got "pv-1"',
  ],
  [{ nodeSelector: { 'kubernetes.io/os': 'windows' } }, 'nodeSelector.kubernetes.io/os: expected linux, because'],
]);

accepts([
  [sidecar({ ports: WEB, readinessProbe: { httpGet: { port: portName('web') } } })],
  [sidecar({ readinessProbe: { httpGet: { port: port(8080) } } })],
  [servicePort(portName('web'), sidecar({ ports: WEB }))],
  [servicePort(portName('metrics'))],
  [download('etcd')],
  [{ ...sidecar({}), ...download('a') }],
  [subPath('$(POD_NAME)')],
  [subPath('$(ZONE)', { extraEnv: [{ name: 'ZONE', value: 'a' }] })],
  [subPath('$(ZONE)', { extraEnvFrom: [{ configMapRef: { name: 'zones' } }] })],
  [subPath('$$(ZONE)')],
  [claim('pv-1', 1)],
  [{ nodeSelector: { 'kubernetes.io/os': 'linux', disk: 'ssd' } }],
]);
