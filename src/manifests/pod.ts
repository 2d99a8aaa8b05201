import type { ClusterConfig } from '../config/cluster';
import { addressDomain, memberDomain, podDomain, authLevel, tlsLevel } from '../config/etcd-options';
import { CONTAINER, PATH, VOLUME, type StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { list } from './object';

/** Mode of files with keys and passwords: containers read them through the pod's fsGroup. */
export const READABLE_BY_GROUP = 0o440;

/** Images are for Linux. */
export function onLinux(nodeSelector: StringMap): StringMap {
  return { 'kubernetes.io/os': 'linux', ...nodeSelector };
}

/**
 * What all pods have in common: Pod Security "restricted", no token unless the pod uses one, and no Service variables.
 */
export function podBasics(config: ClusterConfig, serviceAccountName: string, usesToken = false): Json<k8s.PodSpec> {
  const { ids, supplementalGroups, seLinuxOptions, sysctls } = config.security;
  return {
    containers: [],
    serviceAccountName,
    automountServiceAccountToken: usesToken,
    enableServiceLinks: false,
    // Names are complete, so the resolver should not try other domains first.
    dnsConfig: { options: [{ name: 'ndots', value: '1' }] },
    imagePullSecrets: list(config.image.pullSecrets.map((name) => ({ name }))),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: ids?.user,
      runAsGroup: ids?.group,
      fsGroup: ids?.fsGroup,
      fsGroupChangePolicy: 'OnRootMismatch',
      supplementalGroups: list(supplementalGroups),
      seLinuxOptions,
      sysctls: list(sysctls),
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export function containerSecurity(): Json<k8s.SecurityContext> {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** A container that the user adds. With a security context of its own, it is the user's business. */
export function restricted(container: Json<k8s.Container>): Json<k8s.Container> {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  return container.securityContext ? container : { ...container, securityContext };
}

/** Copies a static busybox and the scripts into the pod, so that the shell does not depend on the etcd image. */
export function toolboxContainer(
  config: ClusterConfig,
  main: Resources,
  certificates: Json<k8s.VolumeMount>[] = [],
): Json<k8s.Container> {
  return installer(config, main, {
    name: CONTAINER.toolbox,
    image: config.image.toolbox,
    command: ['/bin/busybox', 'sh', `${PATH.scripts}/install-toolbox.sh`, ...certificates.map((m) => m.mountPath)],
    env: [{ name: 'SCRIPTS', value: PATH.scripts }],
    volumeMounts: [{ name: VOLUME.scripts, mountPath: PATH.scripts, readOnly: true }, ...certificates],
  });
}

/** Copies a static program from its own image into the toolbox, so that one script can use it, with one log. */
export function programContainer(config: ClusterConfig, main: Resources, program: Program): Json<k8s.Container> {
  return installer(config, main, {
    ...program,
    command: script(`install-${program.name}.sh`),
    env: [{ name: 'PATH', value: `${PATH.toolbox}/bin` }],
    volumeMounts: [],
  });
}

type Resources = Json<k8s.ResourceRequirements>;

/** A program that a pod takes from an image. */
export interface Program {
  readonly name: string;
  readonly image: string;
}

interface Installer {
  readonly name: string;
  readonly image: string;
  readonly command: string[];
  readonly env: Json<k8s.EnvVar>[];
  readonly volumeMounts: Json<k8s.VolumeMount>[];
}

/** @param main resources of the container that runs afterwards */
function installer(config: ClusterConfig, main: Resources, parts: Installer): Json<k8s.Container> {
  return {
    name: parts.name,
    image: parts.image,
    imagePullPolicy: config.image.pullPolicy,
    command: parts.command,
    env: [{ name: 'TOOLBOX', value: PATH.toolbox }, ...parts.env],
    resources: main, // the pod does not request more for it, and a LimitRange that admits the other container admits this one
    securityContext: containerSecurity(),
    volumeMounts: [{ name: VOLUME.toolbox, mountPath: PATH.toolbox }, ...parts.volumeMounts],
  };
}

export function toolboxVolumes(scripts: string): Json<k8s.Volume>[] {
  return [
    { name: VOLUME.toolbox, emptyDir: {} },
    { name: VOLUME.scripts, configMap: { name: scripts } },
  ];
}

export function toolboxMount(): Json<k8s.VolumeMount> {
  return { name: VOLUME.toolbox, mountPath: PATH.toolbox, readOnly: true };
}

/** The command that runs a script. */
export function script(file: string): string[] {
  return [`${PATH.toolbox}/bin/sh`, `${PATH.toolbox}/scripts/${file}`];
}

/** The search path of scripts: the toolbox first, then the image's etcd. */
export function searchPath(config: ClusterConfig): Json<k8s.EnvVar> {
  return { name: 'PATH', value: `${PATH.toolbox}/bin:${config.image.binDirectory}` };
}

/** A variable with a field of the pod. */
export function podField(name: string, fieldPath: string): Json<k8s.EnvVar> {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** Variables with the identity of the pod. */
export function podIdentity(): Json<k8s.EnvVar>[] {
  return [podField('POD_NAME', 'metadata.name'), podField('POD_NAMESPACE', 'metadata.namespace')];
}

/** Variables with plain values. */
export function variables(values: { readonly [name: string]: string | number | boolean }): Json<k8s.EnvVar>[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: String(value) }));
}

/** Variables with the names and addresses of the members. */
export function whereabouts(config: ClusterConfig): { readonly [name: string]: string | number } {
  const { client, peer, metrics, phase } = config.etcd.ports;
  return {
    NAMESPACE: config.namespace,
    TLS: tlsLevel(config),
    AUTH: authLevel(config),
    CLUSTER_NAME: config.names.statefulSet,
    MEMBER_DOMAIN: memberDomain(config),
    POD_DOMAIN: podDomain(config),
    ADDRESS_DOMAIN: addressDomain(config),
    MEMBER_VERSION: config.image.version,
    CLIENT_PORT: client,
    PEER_PORT: peer,
    METRICS_PORT: metrics,
    PHASE_PORT: phase,
  };
}
