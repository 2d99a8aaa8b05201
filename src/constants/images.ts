/**
 * Every image that the library names by itself, pinned here and nowhere else.
 * `renovate` comments let a bot raise them (https://docs.renovatebot.com/modules/manager/regex/).
 */
export const IMAGES = {
  // renovate: datasource=docker depName=registry.k8s.io/etcd
  etcdVersion: '3.6.16',
  /** Where the etcd project publishes 3.5.23, 3.6.5 and later, and where the versions before. */
  etcd: 'registry.k8s.io/etcd',
  olderEtcd: 'quay.io/coreos/etcd',
  /** Frozen since August 2025. */
  bitnami: 'docker.io/bitnamilegacy/etcd',
  // renovate: datasource=docker depName=docker.io/library/busybox (the -musl tag is static: it can be copied anywhere)
  toolbox: 'docker.io/library/busybox:1.37.0-musl',
  // renovate: datasource=docker depName=registry.k8s.io/kubectl
  kubectl: 'registry.k8s.io/kubectl:v1.34.4',
  // renovate: datasource=docker depName=docker.io/rclone/rclone
  rclone: 'docker.io/rclone/rclone:1.76.0',
} as const;
