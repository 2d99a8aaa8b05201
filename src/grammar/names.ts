/** Names of Kubernetes objects, ports and environment variables, and the etcd cluster token. */

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LETTER_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const PORT_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const TOKEN = /^[!-~]{1,128}$/;

const LABEL_LENGTH = 63;
const SUBDOMAIN_LENGTH = 253;
const CLUSTER_NAME_LENGTH = 40;
const PORT_NAME_LENGTH = 15;

/** RFC 1123 label, such as the name of a namespace. */
export function dnsLabelProblem(v: string): string | undefined {
  return v.length <= LABEL_LENGTH && LABEL.test(v)
    ? undefined
    : 'expected a DNS label: 1 to 63 lower-case letters, digits or -, with a letter or digit at both ends';
}

/** RFC 1123 subdomain, such as the name of a Secret or a StorageClass. */
export function dnsSubdomainProblem(v: string): string | undefined {
  return v.length <= SUBDOMAIN_LENGTH && SUBDOMAIN.test(v)
    ? undefined
    : 'expected a DNS subdomain: DNS labels of lower-case letters, digits or -, joined by dots, at most 253 characters in total';
}

/** A domain of DNS, whose labels are no longer than DNS allows. */
export function domainProblem(v: string): string | undefined {
  return v.split('.').some((label) => label.length > LABEL_LENGTH)
    ? 'expected a DNS domain whose labels have at most 63 characters each'
    : dnsSubdomainProblem(v);
}

/** RFC 1035 label that is short enough for all names derived from it: a CronJob's name has at most 52 characters. */
export function clusterNameProblem(v: string): string | undefined {
  return v.length <= CLUSTER_NAME_LENGTH && LETTER_LABEL.test(v)
    ? undefined
    : 'expected 1 to 40 lower-case letters, digits or -, starting with a letter, not ending with - ' +
        '(the name of a CronJob has at most 52 characters, including a suffix such as -snapshotter)';
}

/** Name of an environment variable, as Kubernetes 1.28 accepts it. */
export function envNameProblem(v: string): string | undefined {
  // Kubernetes refuses these: as keys of a ConfigMap or Secret, they would be paths.
  const isPath = v === '.' || v.startsWith('..');
  return !isPath && ENV_NAME.test(v)
    ? undefined
    : 'expected a variable name of letters, digits, _, - or ., not starting with a digit or with .., such as ETCD_NAME';
}

/** IANA service name, as Kubernetes requires for container ports. */
export function portNameProblem(v: string): string | undefined {
  return v.length <= PORT_NAME_LENGTH && PORT_NAME.test(v) && /[a-z]/.test(v)
    ? undefined
    : 'expected a port name: 1 to 15 lower-case letters, digits or single -, at least one letter, no - at either end';
}

/** Value of etcd's --initial-cluster-token. */
export function tokenProblem(v: string): string | undefined {
  return TOKEN.test(v) ? undefined : 'expected 1 to 128 printable ASCII characters without spaces';
}

/** Key of a Secret or a ConfigMap. */
export function secretKeyProblem(v: string): string | undefined {
  return v.length <= SUBDOMAIN_LENGTH && /^[-._a-zA-Z0-9]+$/.test(v) && v !== '.' && !v.startsWith('..')
    ? undefined
    : 'expected a key of a Secret: 1 to 253 letters, digits, -, _ or ., not starting with ..';
}
