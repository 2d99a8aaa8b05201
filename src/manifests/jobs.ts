import type { ClusterConfig } from '../config/cluster';
import { memberNames, memberUrl } from '../config/etcd-options';
import type { JobConfig, JobPodConfig } from '../config/cron-job';
import { PATH, PORT, SERVES_SNAPSHOTS, VOLUME, type StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { mountsOf, rootPassword, volumesOf } from './auth';
import { labels, list, metadata, unlessEmpty, write, type Manifest } from './object';
import {
  containerSecurity,
  onLinux,
  podBasics,
  podField,
  podIdentity,
  programContainer,
  script,
  searchPath,
  toolboxContainer,
  toolboxMount,
  toolboxVolumes,
  variables,
  whereabouts,
  type Program,
} from './pod';
import { tlsEnvironment, tlsMounts, tlsVolumes } from './tls';

/** The parts in which jobs differ. */
export interface JobParts {
  readonly name: string;
  readonly component: string;
  readonly container: string;
  readonly script: string;
  readonly env: Json<k8s.EnvVar>[];
  /** Programs that the script takes from other images. */
  readonly programs: readonly Program[];
  readonly volumes: Json<k8s.Volume>[];
  readonly volumeMounts: Json<k8s.VolumeMount>[];
  /** Whether the pods use the API server. */
  readonly usesToken?: boolean;
  /** Whether its pods log in to the members' etcd, and so have root's password. */
  readonly logsIn?: boolean;
  /** Whether the pods can serve a snapshot to the members. */
  readonly servesSnapshots?: boolean;
  /** The default affinity of the pods. */
  readonly affinity?: Json<k8s.Affinity>;
}

export function cronJob(config: ClusterConfig, job: JobConfig, parts: JobParts): Manifest {
  return write<k8s.KubeCronJobProps>('batch/v1', 'CronJob', {
    metadata: metadata(config, parts.name, {
      component: parts.component,
      labels: job.labels,
      annotations: job.annotations,
    }),
    spec: {
      schedule: job.schedule,
      timeZone: job.timeZone,
      suspend: job.suspend,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: job.startingDeadlineSeconds,
      successfulJobsHistoryLimit: job.successfulJobsHistoryLimit,
      failedJobsHistoryLimit: job.failedJobsHistoryLimit,
      jobTemplate: {
        metadata: { labels: labels(config, parts.component, job.labels) },
        spec: {
          backoffLimit: job.backoffLimit,
          // A pod that was evicted, or whose node is gone, is no failure of the job.
          podFailurePolicy: {
            rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
          },
          activeDeadlineSeconds: job.activeDeadlineSeconds,
          template: {
            metadata: {
              labels: jobPodLabels(config, parts, job.podLabels),
              annotations: unlessEmpty(job.podAnnotations),
            },
            spec: jobPod(config, job, parts, 'Never'),
          },
        },
      },
    },
  });
}

export function jobPodLabels(
  config: ClusterConfig,
  { component, servesSnapshots }: Pick<JobParts, 'component' | 'servesSnapshots'>,
  more: StringMap = {},
): StringMap {
  const own = labels(config, component, more);
  return servesSnapshots ? { ...own, [SERVES_SNAPSHOTS]: 'true' } : own;
}

export function jobPod(
  config: ClusterConfig,
  job: JobPodConfig,
  parts: JobParts,
  restartPolicy: string,
): Json<k8s.PodSpec> {
  return {
    ...podBasics(config, job.serviceAccountName, parts.usesToken),
    restartPolicy,
    nodeSelector: onLinux(job.nodeSelector),
    tolerations: list(job.tolerations),
    affinity: job.affinity ?? parts.affinity,
    priorityClassName: job.priorityClassName,
    initContainers: [
      toolboxContainer(config, job.resources, tlsMounts(config)),
      ...parts.programs.map((program) => programContainer(config, job.resources, program)),
    ],
    containers: [
      {
        name: parts.container,
        image: config.image.etcd,
        imagePullPolicy: config.image.pullPolicy,
        command: script(parts.script),
        env: [...jobEnvironment(config, parts), ...parts.env, ...job.extraEnv],
        ...(parts.servesSnapshots && offering(config)),
        resources: job.resources,
        securityContext: containerSecurity(),
        volumeMounts: [
          toolboxMount(),
          { name: VOLUME.settings, mountPath: PATH.settings, readOnly: true },
          { name: VOLUME.tmp, mountPath: PATH.tmp },
          ...tlsMounts(config), // members answer those that have the key of the client certificate
          ...(parts.logsIn ? mountsOf(rootPassword(config)) : []),
          ...parts.volumeMounts,
        ],
      },
    ],
    volumes: [
      ...toolboxVolumes(config.names.jobScripts),
      { name: VOLUME.settings, configMap: { name: config.names.settings } },
      { name: VOLUME.tmp, emptyDir: {} },
      ...tlsVolumes(config, 'client'),
      ...(parts.logsIn ? volumesOf(rootPassword(config)) : []),
      ...parts.volumes,
    ],
  };
}

/** A job uses the members' own URLs, because it must know which member answers. */
function jobEnvironment(config: ClusterConfig, { servesSnapshots }: JobParts): Json<k8s.EnvVar>[] {
  return [
    ...podIdentity(),
    // The run of a restore from which the members' data comes: the uid of the Job.
    ...(servesSnapshots ? [podField('RESTORE_RUN', "metadata.labels['batch.kubernetes.io/controller-uid']")] : []),
    searchPath(config),
    ...variables({
      TMP: PATH.tmp,
      RUN: `${PATH.tmp}/run`,
      SETTINGS: PATH.settings,
      ...whereabouts(config),
      MEMBER_ENDPOINTS: memberNames(config)
        .map((member) => memberUrl(config, member, config.etcd.ports.client))
        .join(' '),
    }),
    ...tlsEnvironment(config, `${PATH.toolbox}/ca.crt`),
  ];
}

/** The Service `<name>-restore` has the pod only while it has a message or a snapshot for the members. */
function offering(config: ClusterConfig): Pick<Json<k8s.Container>, 'ports' | 'readinessProbe'> {
  return {
    ports: [{ name: PORT.phase, containerPort: config.etcd.ports.phase, protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/offer', port: PORT.phase, scheme: 'HTTP' }, periodSeconds: 1 },
  };
}
