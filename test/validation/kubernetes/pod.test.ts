import { refuses } from '../../support/refusals';

const a = (count: number): string => 'a'.repeat(count);

refuses([
  [{ security: { sysctls: [{ name: 'Net!', value: '1' }] } }, 'security.sysctls[0].name: expected a kernel parameter'],
  [
    { security: { sysctls: [{ name: 'net.core.somaxconn', value: 1 }] } },
    'security.sysctls[0].value: expected a string',
  ],
  [{ annotations: { a: a(300_000) } }, 'annotations: expected at most 261120 bytes of annotations'],
  [
    { annotations: { a: a(200_000) }, headlessService: { annotations: { b: a(100_000) } } },
    'headlessService.annotations: expected at most 261120 bytes',
  ],
  [
    { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' } },
    'annotations.service.beta.kubernetes.io/load-balancer-source-ranges: is for Services of type LoadBalancer only',
  ],
  [{ hostAliases: [{ hostnames: ['a'] }] }, 'hostAliases[0].ip: is required'],
  [{ labels: { 'a b': 'c' } }, 'labels.a b: expected a label key'],
  [{ podAnnotations: { 'a b': 'c' } }, 'podAnnotations.a b: expected an annotation key'],
  [{ podLabels: { 'job-name': 'x' } }, 'podLabels.job-name: is set by Kubernetes'],
  [
    { podAnnotations: { 'kubernetes.io/config.mirror': 'x' } },
    'podAnnotations.kubernetes.io/config.mirror: is for static pods only',
  ],
  [{ podAnnotations: { 'cdk8s-etcd/scripts': 'x' } }, 'podAnnotations.cdk8s-etcd/scripts: is set by the library'],
  [
    { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/etcd': 'x' } },
    'podAnnotations.container.apparmor.security.beta.kubernetes.io/etcd: expected runtime/default',
  ],
  [
    { podAnnotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'runtime/default' } },
    'podAnnotations.container.apparmor.security.beta.kubernetes.io/web: unknown container',
  ],
  [
    { name: a(40), namespace: a(63), clusterDomain: Array(3).fill(a(50)).join('.') },
    'clusterDomain: DNS names have at most 253 characters',
  ],
  [{ clusterDomain: `${a(64)}.local` }, 'clusterDomain: expected a DNS domain whose labels have at most 63 characters'],
  [
    { name: a(40), externalAccess: { advertisedUrl: `http://{member}.${Array(4).fill(a(52)).join('.')}:2379` } },
    'externalAccess.advertisedUrl: expected a URL',
  ],
]);
