import type { ClusterConfig } from '../config/cluster';
import { memberDomain, memberNames, memberUrl } from '../config/etcd-options';
import type { JobConfig, JobPodConfig } from '../config/cron-job';
import { PATH, VOLUME } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { labels, list, metadata, unlessEmpty, write, type Manifest } from './object';
import {
  containerSecurity,
  podBasics,
  podName,
  script,
  searchPath,
  toolboxContainer,
  toolboxMount,
  toolboxVolumes,
} from './pod';

/** What tells one job from another. */
export interface JobParts {
  readonly name: string;
  readonly component: string;
  readonly container: string;
  readonly script: string;
  readonly env: Json<k8s.EnvVar>[];
  readonly initContainers: Json<k8s.Container>[];
  readonly volumes: Json<k8s.Volume>[];
  readonly volumeMounts: Json<k8s.VolumeMount>[];
  /** Whether its pods talk to the API server. */
  readonly usesToken?: boolean;
  /** Where its pods best run, unless the props say so. */
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
          activeDeadlineSeconds: job.activeDeadlineSeconds,
          template: {
            metadata: {
              labels: labels(config, parts.component, job.podLabels),
              annotations: unlessEmpty(job.podAnnotations),
            },
            spec: jobPod(config, job, parts, 'Never'),
          },
        },
      },
    },
  });
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
    nodeSelector: unlessEmpty(job.nodeSelector),
    tolerations: list(job.tolerations),
    affinity: job.affinity ?? parts.affinity,
    priorityClassName: job.priorityClassName,
    initContainers: [toolboxContainer(config), ...parts.initContainers],
    containers: [
      {
        name: parts.container,
        image: config.image.etcd,
        imagePullPolicy: config.image.pullPolicy,
        command: script(parts.script),
        env: [...jobEnvironment(config), ...parts.env, ...job.extraEnv],
        resources: job.resources,
        securityContext: containerSecurity(),
        volumeMounts: [
          toolboxMount(),
          { name: VOLUME.settings, mountPath: PATH.settings, readOnly: true },
          { name: VOLUME.tmp, mountPath: PATH.tmp },
          ...parts.volumeMounts,
        ],
      },
    ],
    volumes: [
      ...toolboxVolumes(config.names.jobScripts),
      { name: VOLUME.settings, configMap: { name: config.names.settings } },
      { name: VOLUME.tmp, emptyDir: {} },
      ...parts.volumes,
    ],
  };
}

/** Plain values of the environment. */
export function variables(values: { readonly [name: string]: string | number | boolean }): Json<k8s.EnvVar>[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** Members one by one, never the Service: a job must know whom it talks to. */
function jobEnvironment(config: ClusterConfig): Json<k8s.EnvVar>[] {
  const { client, peer, metrics, phase } = config.etcd.ports;
  return [
    podName(),
    searchPath(config),
    ...variables({
      TMP: PATH.tmp,
      RUN: `${PATH.tmp}/run`,
      SETTINGS: PATH.settings,
      CLUSTER_NAME: config.names.statefulSet,
      MEMBER_DOMAIN: memberDomain(config),
      MEMBER_VERSION: config.image.version,
      MEMBER_ENDPOINTS: memberNames(config)
        .map((member) => memberUrl(config, member, client))
        .join(' '),
      CLIENT_PORT: client,
      PEER_PORT: peer,
      METRICS_PORT: metrics,
      PHASE_PORT: phase,
    }),
  ];
}
