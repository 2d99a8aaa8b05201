import { addressProblem } from '../../grammar/address';
import { dnsSubdomainProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { text } from '../values';
import { each, fields, needs, rule } from './fields';

/** @see https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/ */
export const HOST_ALIAS = fields<Json<k8s.HostAlias>>(
  { ip: text(addressProblem), hostnames: each(text(dnsSubdomainProblem)) },
  needs('ip', 'hostnames'),
  rule('hostnames', ({ hostnames }) => hostnames === undefined || hostnames.length > 0, 'expected at least one name'),
);

const SYSCTL_NAME = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

/** @see https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/ */
export const SYSCTL = fields<Json<k8s.Sysctl>>({
  name: text((v) =>
    v.length <= 253 && SYSCTL_NAME.test(v)
      ? undefined
      : 'expected a kernel parameter such as net.ipv4.ip_local_port_range: at most 253 lower-case letters, digits, -, _, . or /',
  ),
});
