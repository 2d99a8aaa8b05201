/** Keys and values of maps by what they are: those that are right, and those that are wrong or reserved. */
interface Entries {
  readonly good: readonly (readonly [key: string, value: string])[];
  readonly bad: readonly (readonly [key: string, value: string])[];
}

export const MAPS: { readonly [kind in 'labels' | 'annotations' | 'resources']: Entries } = {
  labels: {
    good: [
      ['team', 'storage'],
      ['example.com/a', ''],
      ['a', 'b'],
      ['cluster', 'prod'],
    ],
    bad: [
      ['a', 'b c'],
      ['A b', 'c'],
      ['app.kubernetes.io/name', 'x'],
      ['job-name', 'x'],
      ['controller-uid', 'x'],
      ['batch.kubernetes.io/controller-uid', 'x'],
      ['batch.kubernetes.io/job-name', 'x'],
      ['statefulset.kubernetes.io/pod-name', 'x'],
      ['a'.repeat(64), 'x'],
    ],
  },
  annotations: {
    good: [
      ['team', 'storage'],
      ['example.com/a', 'any text: #{member} {ordinal}\n'],
      ['Example.com/A', 'yes'],
      ['cdk8s-etcd/scripts', 'x'],
    ],
    bad: [
      ['large', 'x'.repeat(100_000)],
      ['a b', 'c'],
      ['a', '0o755'],
      ['large-too', 'x'.repeat(200_000)],
      ['larger', 'x'.repeat(300_000)],
      ['container.apparmor.security.beta.kubernetes.io/etcd', 'unconfined'],
      ['container.apparmor.security.beta.kubernetes.io/etcd', 'x'],
      ['container.seccomp.security.alpha.kubernetes.io/etcd', 'unconfined'],
      ['seccomp.security.alpha.kubernetes.io/pod', 'x'],
      ['kubernetes.io/ingress-bandwidth', 'x'],
      ['scheduler.alpha.kubernetes.io/tolerations', '{'],
      ['kubernetes.io/config.mirror', 'x'],
      ['controller.kubernetes.io/pod-deletion-cost', 'x'],
      ['service.beta.kubernetes.io/load-balancer-source-ranges', 'x'],
      ['service.kubernetes.io/topology-mode', 'x'],
      ['volume.beta.kubernetes.io/storage-class', 'A b'],
      ['batch.kubernetes.io/job-completion-index', 'x'],
    ],
  },
  resources: {
    good: [
      ['cpu', '1'],
      ['memory', '64Mi'],
      ['ephemeral-storage', '1Gi'],
      ['storage', '1Gi'],
    ],
    bad: [
      ['gpu', '1'],
      ['example.com/gpu', '1'],
      ['example.com/gpu', '1500m'],
      ['hugepages-2Mi', '2Mi'],
      ['cpu', '-1'],
      ['cpu', '2'],
      ['memory', '1 GB'],
      ['memory', '1Ti'],
      ['storage', '0'],
      ['a b', '1'],
    ],
  },
};
