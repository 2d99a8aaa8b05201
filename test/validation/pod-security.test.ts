import { EtcdWarning, type EtcdClusterProps } from '../../src';
import { find, synthCluster } from '../support/synth';

const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const sidecar = (more: object) => ({ sidecars: [{ name: 'a', image: 'a:1', ...more }] });
const context = (more: object) => sidecar({ securityContext: { ...RESTRICTED, ...more } });

function warningsOf(props: Partial<EtcdClusterProps>): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const others = Object.values(EtcdWarning).filter((code) => code !== EtcdWarning.POD_SECURITY);
    synthCluster({ acknowledgeWarnings: others, ...props });
    return write.mock.calls.map(([line]) => String(line));
  } finally {
    write.mockRestore();
  }
}

test('a container without a security context gets the restricted one', () => {
  const props = { ...sidecar({}), initContainers: [{ name: 'b', image: 'b:1' }] };
  const { spec } = find(synthCluster(props), 'StatefulSet', 'etcd')['spec'].template;
  expect(spec.containers[1].securityContext).toEqual(RESTRICTED);
  expect(spec.initContainers[0].securityContext).toEqual(RESTRICTED);
  expect(warningsOf(props)).toEqual([]);
});

test('a container keeps its own', () => {
  const { spec } = find(synthCluster(context({ runAsUser: 7 })), 'StatefulSet', 'etcd')['spec'].template;
  expect(spec.containers[1].securityContext).toEqual({ ...RESTRICTED, runAsUser: 7 });
  expect(warningsOf(context({ runAsUser: 7 }))).toEqual([]);
});

test.each<[string, string, Partial<EtcdClusterProps>]>([
  [
    'sidecars[0].securityContext',
    'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
    context({ allowPrivilegeEscalation: undefined }),
  ],
  [
    'sidecars[0].securityContext',
    'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "SYS_TIME" in securityContext.capabilities.add)',
    context({ capabilities: { add: ['SYS_TIME'] } }),
  ],
  [
    'sidecars[0].securityContext',
    'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)',
    context({ runAsNonRoot: false }),
  ],
  [
    'sidecars[0].securityContext',
    'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
    context({ seccompProfile: { type: 'Unconfined' } }),
  ],
  [
    'sidecars[0].securityContext',
    'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: type "spc_t")',
    context({ seLinuxOptions: { type: 'spc_t' } }),
  ],
  [
    'security.seLinuxOptions',
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: user may not be set; role may not be set)',
    { security: { seLinuxOptions: { user: 'a', role: 'b' } } },
  ],
  [
    'security.sysctls',
    'forbidden sysctls (net.core.somaxconn)',
    { security: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } },
  ],
  [
    'sidecars[0].ports',
    'hostPort (container "a" uses hostPort 80)',
    sidecar({ ports: [{ containerPort: 80, hostPort: 80 }] }),
  ],
  [
    'extraVolumes[0]',
    'restricted volume types (volume "v" uses restricted volume type "hostPath")',
    { extraVolumes: [{ name: 'v', hostPath: { path: '/v' } }] },
  ],
  [
    'podAnnotations',
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/etcd="unconfined"")',
    { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/etcd': 'unconfined' } },
  ],
  [
    'sidecars[0]',
    'probe or lifecycle host (container "a" uses probe or lifecycle host "example.com")',
    sidecar({ lifecycle: { preStop: { httpGet: { host: 'example.com', port: { value: 80 } } } } }),
  ],
])('%s: %s', (path, text, props) => {
  const line = `${path}: Pod Security "restricted" refuses the pods: ${text}; change it, or use a namespace that allows it`;
  expect(warningsOf(props)).toEqual([expect.stringContaining(line)]);
});

test('privileged breaks two rules', () => {
  const warnings = warningsOf(context({ privileged: true, allowPrivilegeEscalation: true }));
  expect(warnings).toEqual([
    expect.stringContaining('allowPrivilegeEscalation != false'),
    expect.stringContaining('privileged (container "a" must not set securityContext.privileged=true)'),
  ]);
});

test('root breaks two rules', () => {
  expect(warningsOf(context({ runAsUser: 0, runAsNonRoot: false }))).toEqual([
    expect.stringContaining('runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)'),
    expect.stringContaining('runAsUser=0 (container "a" must not set runAsUser=0)'),
  ]);
});

test('several containers are named together', () => {
  const own = { securityContext: { ...RESTRICTED, seccompProfile: { type: 'Unconfined' } } };
  const warnings = warningsOf({
    initContainers: [{ name: 'b', image: 'b:1', ...own }],
    sidecars: [{ name: 'a', image: 'a:1', ...own }],
  });
  expect(warnings).toEqual([
    expect.stringContaining(
      'initContainers[0].securityContext, sidecars[0].securityContext: Pod Security "restricted" refuses the pods: seccompProfile (containers "b", "a" must not set securityContext.seccompProfile.type to "Unconfined")',
    ),
  ]);
});
