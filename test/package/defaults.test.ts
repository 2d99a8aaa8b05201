import { Duration } from 'cdk8s';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as api from '../../src';
import { Problems } from '../../src/checks/problems';
import { struct, type Check } from '../../src/checks/struct';
import { DEFAULTS } from '../../src/constants/defaults';
import { BITNAMI } from '../../src/props/bitnami';
import { CLIENT_CERTIFICATE } from '../../src/props/client-certificate';
import { CERT_MANAGER } from '../../src/props/cert-manager';
import { CLUSTER } from '../../src/props/cluster';
import { CRON_JOB } from '../../src/props/cron-job';
import { DEFRAG } from '../../src/props/defrag';
import { GREPTIMEDB_STORE } from '../../src/props/greptimedb';
import { MONITORING } from '../../src/props/monitoring';
import { RESTORE_DRILL, SNAPSHOTS } from '../../src/props/snapshots';
import { documentedFields } from '../support/docs';

/** Every `@default` against src/constants/defaults.ts. */

interface Section {
  readonly [prop: string]: unknown;
}

/** Defaults in docstrings are checked and parsed like values of users. Options of factories are used as they are. */
const asGiven: Check = (value) => value;

/** Of each struct: its check, and where its defaults are. */
const STRUCTS: { readonly [struct: string]: readonly [check: Check, ...sections: Section[]] } = {
  EtcdClusterProps: [struct(CLUSTER), DEFAULTS.cluster],
  EtcdSelectorOptions: [CLUSTER.selector, DEFAULTS.selector],
  EtcdImagesOptions: [struct(CLUSTER), DEFAULTS.image],
  EtcdImageLayout: [asGiven, DEFAULTS.imageLayout],
  EtcdImageOptions: [asGiven],
  EtcdCustomImageOptions: [asGiven],
  EtcdServerOptions: [struct(CLUSTER), DEFAULTS.etcd],
  EtcdPorts: [CLUSTER.ports, DEFAULTS.ports],
  EtcdDefragThresholds: [CLUSTER.defragmentation, DEFAULTS.defragmentation],
  EtcdStorageOptions: [struct(CLUSTER)],
  EtcdClaimOptions: [asGiven, DEFAULTS.claim],
  EtcdEmptyDirOptions: [asGiven, DEFAULTS.emptyDir],
  EtcdClaimRetentionPolicy: [CLUSTER.claimRetentionPolicy, DEFAULTS.claimRetention],
  EtcdRecoveryOptions: [struct(CLUSTER), DEFAULTS.recovery],
  EtcdRestoreOptions: [asGiven, DEFAULTS.restore],
  EtcdPodOptions: [struct(CLUSTER), DEFAULTS.pod],
  EtcdResources: [CLUSTER.resources, DEFAULTS.memberResources, DEFAULTS.jobResources],
  EtcdSchedulingOptions: [struct(CLUSTER), DEFAULTS.scheduling],
  EtcdRolloutOptions: [struct(CLUSTER), DEFAULTS.rollout],
  EtcdDisruptionBudgetOptions: [CLUSTER.podDisruptionBudget, DEFAULTS.podDisruptionBudget],
  EtcdProbesOptions: [struct(CLUSTER)],
  EtcdProbeTimings: [CLUSTER.readinessProbe, DEFAULTS.startupProbe, DEFAULTS.readinessProbe, DEFAULTS.livenessProbe],
  EtcdSecurityOptions: [struct(CLUSTER)],
  EtcdSecurity: [CLUSTER.security, DEFAULTS.security],
  EtcdAuthOptions: [asGiven, DEFAULTS.auth],
  EtcdRootPassword: [asGiven, DEFAULTS.rootPassword],
  EtcdTokenKey: [asGiven, DEFAULTS.tokenKey],
  EtcdUser: [asGiven, DEFAULTS.user],
  EtcdRole: [asGiven],
  EtcdTlsSecrets: [asGiven],
  EtcdCaSecret: [asGiven, DEFAULTS.caSecret],
  EtcdCertificateSecret: [asGiven, DEFAULTS.certificateSecret],
  EtcdTlsOptions: [asGiven, DEFAULTS.tls],
  EtcdClientCertificateOptions: [struct(CLIENT_CERTIFICATE)],
  EtcdClientCertificateProps: [struct(CLIENT_CERTIFICATE)],
  EtcdCertManagerOptions: [struct(CERT_MANAGER), DEFAULTS.certManager],
  EtcdServiceAccountOptions: [CLUSTER.serviceAccount, DEFAULTS.serviceAccount],
  EtcdNetworkOptions: [struct(CLUSTER), DEFAULTS.network],
  EtcdClientServiceOptions: [CLUSTER.clientService, DEFAULTS.clientService],
  EtcdHeadlessServiceOptions: [CLUSTER.headlessService],
  EtcdMemberServiceOptions: [CLUSTER.memberServices],
  EtcdExternalAccessOptions: [CLUSTER.externalAccess, DEFAULTS.externalAccess],
  EtcdNetworkPolicyOptions: [CLUSTER.networkPolicy, DEFAULTS.networkPolicy],
  EtcdNetworkPeer: [asGiven],
  EtcdCronJobOptions: [struct(CRON_JOB), DEFAULTS.cronJob],
  EtcdSnapshotsOptions: [struct(SNAPSHOTS), DEFAULTS.snapshots],
  EtcdExistingClaimOptions: [asGiven],
  EtcdSnapshotClaimOptions: [asGiven, DEFAULTS.snapshotClaim],
  EtcdScratchOptions: [asGiven],
  EtcdRemote: [asGiven, DEFAULTS.remote],
  EtcdRestoreDrillOptions: [struct(RESTORE_DRILL), DEFAULTS.drill],
  EtcdDefragOptions: [struct(DEFRAG), DEFAULTS.defrag],
  EtcdMonitoringOptions: [struct(MONITORING), DEFAULTS.monitoring],
  EtcdMetricsTls: [asGiven],
  EtcdMetricsTlsConfig: [asGiven],
  EtcdMetricsCertificate: [asGiven],
  EtcdRelabeling: [asGiven],
  EtcdAlertOptions: [MONITORING.alerts, DEFAULTS.alerts],
  EtcdDashboardOptions: [MONITORING.dashboard, DEFAULTS.dashboard],
  GreptimeDbOptions: [struct(GREPTIMEDB_STORE), DEFAULTS.greptimeDb],
  EtcdBitnamiOptions: [struct(BITNAMI), DEFAULTS.bitnami],
  // They name the construct or the object, and nothing else.
  EtcdSnapshotsProps: [asGiven],
  EtcdRestoreDrillProps: [asGiven],
  EtcdDefragProps: [asGiven],
  EtcdMonitoringProps: [asGiven],
  GreptimeDbMetadataStoreProps: [asGiven],
};

const { snapshots, drill, defrag, startupProbe, readinessProbe, livenessProbe, memberResources, jobResources } =
  DEFAULTS;
const minutes = (seconds: number): string => `${seconds / 60} minutes`;
const hours = (seconds: number): string => `${seconds / 3600} ${seconds === 3600 ? 'hour' : 'hours'}`;
const mebibytes = (bytes: number): string => `${bytes / 1024 ** 2}Mi`;
const pinned = (project: string): string =>
  `the ${project} project's image, pinned by this library. \`imageRegistry\` of the cluster applies`;

/** Defaults in words, because they are several values or not code. They are built from the constants. */
const IN_WORDS: { readonly [field: string]: string } = {
  'EtcdClusterProps.selector': `\`name: ${DEFAULTS.selector.name}\` and \`instance: <cluster name>\``,
  'EtcdServerOptions.ports': Object.entries(DEFAULTS.ports)
    .map(([name, port]) => `${port} ${name}`)
    .join(', '),
  'EtcdServerOptions.defragmentation': `${mebibytes(DEFAULTS.defragmentation.minimumGain)} and ${DEFAULTS.defragmentation.minimumGainPercent}% of free space`,
  'EtcdStorageOptions.storage': `a claim of ${DEFAULTS.claim.size} for each member, of the default storage class`,
  'EtcdRestoreOptions.bumpRevision': `${DEFAULTS.restore.bumpRevision.inPlace} with an id, ${DEFAULTS.restore.bumpRevision.intoEmpty} without`,
  'EtcdRestoreOptions.resources': `${jobResources.cpuRequest} CPU and ${jobResources.memory} memory`,
  'EtcdPodOptions.resources': `${memberResources.cpuRequest} CPU without a limit, and ${memberResources.memory} memory`,
  'EtcdResources.cpuRequest': `${memberResources.cpuRequest} for members, ${jobResources.cpuRequest} for jobs`,
  'EtcdResources.memory': `${memberResources.memory} for members, ${jobResources.memory} for jobs, and the members' memory for drills`,
  'EtcdRolloutOptions.podDisruptionBudget': { 1: 'one' }[DEFAULTS.podDisruptionBudget.maxUnavailable],
  'EtcdProbeTimings.period': `${startupProbe.period} s for startup, ${readinessProbe.period} s for readiness, ${livenessProbe.period} s for liveness`,
  'EtcdProbeTimings.timeout': `${startupProbe.timeout} s for startup and readiness, ${livenessProbe.timeout} s for liveness`,
  'EtcdProbeTimings.failureThreshold': `${startupProbe.failureThreshold} for startup, ${readinessProbe.failureThreshold} for readiness, ${livenessProbe.failureThreshold} for liveness`,
  'EtcdProbesOptions.readinessProbe': `every ${readinessProbe.period} s, unready after ${readinessProbe.failureThreshold} failures`,
  'EtcdProbesOptions.livenessProbe': `every ${livenessProbe.period} s; the container restarts after ${livenessProbe.failureThreshold} failures of up to ${livenessProbe.timeout} s each`,
  'EtcdSecurityOptions.security': `user, group and volume group ${DEFAULTS.security.user}`,
  'EtcdNetworkOptions.clientService': `a Service of type ${DEFAULTS.clientService.type}`,
  'EtcdCronJobOptions.activeDeadline': `${minutes(snapshots.activeDeadline)} for snapshots, ${hours(drill.activeDeadline)} for drills, ${hours(defrag.activeDeadline)} for defragmentation`,
  'EtcdCronJobOptions.backoffLimit': `${snapshots.backoffLimit} for snapshots, ${drill.backoffLimit} for drills and defragmentation`,
  'EtcdCronJobOptions.resources': `${jobResources.cpuRequest} CPU, and ${jobResources.memory} memory, or the members' memory for drills`,
  'EtcdRemote.image': pinned('rclone'),
  'EtcdDefragOptions.kubectlImage': pinned('Kubernetes'),
  'EtcdMonitoringOptions.scrapeTimeout': `${DEFAULTS.monitoring.scrapeTimeout} s, or the interval if that is shorter`,
};

/** Texts with a number that is not the default of a prop. */
const NUMBERS: readonly string[] = ['EtcdImagesOptions.image'];

/** Defaults of options that two structs share. */
const SHARED: { readonly [prop: string]: string } = {
  activeDeadline: 'EtcdCronJobOptions',
  backoffLimit: 'EtcdCronJobOptions',
};

const fields = documentedFields();
const documented = fields.filter((f) => f.defaultText !== undefined);

/** The value of a code span in a docstring. */
function evaluated(code: string): unknown {
  const names = { ...api, Duration };

  return (new Function(...Object.keys(names), `return (${code});`) as (...values: unknown[]) => unknown)(
    ...Object.values(names),
  );
}

function parsed(check: Check, prop: string, value: unknown): unknown {
  const problems = new Problems();
  const given = check({ [prop]: value }, '', problems) as { readonly [prop: string]: unknown };
  expect(problems.messages.filter((m) => !m.includes('required'))).toEqual([]);
  const made = given[prop] as { readonly _config?: unknown } | undefined;
  return made?._config ?? made;
}

test('the table has every struct', () => {
  expect([...new Set(fields.map((f) => f.of))].sort()).toEqual(Object.keys(STRUCTS).sort());
});

test.each(documented.map((f) => [`${f.of}.${f.name}`, f] as const))('%s', (path, { of, name, defaultText = '' }) => {
  const [check, ...sections] = STRUCTS[of] ?? [asGiven];
  const text = defaultText.replaceAll('*\\/', '*/');
  if (IN_WORDS[path] !== undefined) {
    expect(text).toBe(`- ${IN_WORDS[path]}`);
  } else if (text.startsWith('- ')) {
    if (!NUMBERS.includes(path)) expect(text).not.toMatch(/(^|[\s`])\d/);
    for (const section of sections) expect(section[name]).toBeUndefined();
  } else {
    expect(sections).not.toEqual([]);
    const value = parsed(check, name, evaluated(text));
    expect(sections.map((section) => section[name])).toEqual(sections.map(() => value));
  }
});

test('each constant is the default of a prop', () => {
  const props = new Set(documented.map((f) => `${f.of}.${f.name}`));
  const astray = Object.entries(STRUCTS).flatMap(([of, [, ...sections]]) =>
    sections.flatMap((section) =>
      Object.keys(section)
        .filter((prop) => !props.has(`${of}.${prop}`) && !props.has(`${SHARED[prop] ?? ''}.${prop}`))
        .map((prop) => `${of}.${prop}`),
    ),
  );
  expect(astray).toEqual([]);
  const known = new Set(Object.values(STRUCTS).flatMap(([, ...sections]) => sections));
  expect(Object.entries(DEFAULTS).filter(([, section]) => !known.has(section))).toEqual([]);
});

test('there are no defaults elsewhere', () => {
  const SRC = join(__dirname, '..', '..', 'src');
  const files = ['config', 'rules', 'manifests', 'manifests/alerts', 'constructs'].flatMap((folder) =>
    readdirSync(join(SRC, folder))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(SRC, folder, file)),
  );
  const literals = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\?\? (true|false|-?[\d_.]+|'[^']*'|[A-Z]\w*\.[A-Z_]+\b)/g)].map(
      ([, literal]) => literal,
    ),
  );
  // 'invalid' stands for a name or namespace with a problem: no file is written. '' is for scripts that need a text.
  expect([...new Set(literals)].sort()).toEqual(["''", "'invalid'"]);
});
