/** What members publish about their certificates: src/scripts/member/report-tls.sh. */
export const TLS_METRICS = {
  path: '/metrics.txt',
  fails: 'cdk8s_etcd_tls_fails',
  notBefore: 'cdk8s_etcd_certificate_not_before_timestamp_seconds',
  notAfter: 'cdk8s_etcd_certificate_not_after_timestamp_seconds',
} as const;
