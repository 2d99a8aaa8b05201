/**
 * All default images, pinned in this file only. The `renovate` comments let Renovate update them
 * (https://docs.renovatebot.com/modules/manager/regex/).
 */
export const IMAGES = {
  // renovate: datasource=docker depName=registry.k8s.io/etcd
  etcdVersion: '3.6.16',
  /** The etcd project publishes 3.5.23, 3.6.5 and later here, and older versions at quay.io. */
  etcd: 'registry.k8s.io/etcd',
  olderEtcd: 'quay.io/coreos/etcd',
  /** Not updated since August 2025. */
  bitnami: 'docker.io/bitnamilegacy/etcd',
  // renovate: datasource=docker depName=docker.io/library/busybox (the -musl tag is static: it can be copied anywhere)
  toolbox: 'docker.io/library/busybox:1.37.0-musl',
  // renovate: datasource=docker depName=registry.k8s.io/kubectl
  kubectl: 'registry.k8s.io/kubectl:v1.34.4',
  // renovate: datasource=docker depName=docker.io/rclone/rclone
  rclone: 'docker.io/rclone/rclone:1.76.0',
} as const;
