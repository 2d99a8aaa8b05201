import { createHash } from 'node:crypto';
import type { ClusterConfig } from '../config/cluster';
import { COMPONENT } from '../constants/names';
import type { k8s } from '../kubernetes';
import { metadata, write, type Manifest } from './object';

export interface Scripts {
  readonly [file: string]: string;
}

/** The scripts of the members' pods. */
export function memberScripts(config: ClusterConfig, scripts: Scripts): Manifest {
  return scriptsConfigMap(config, config.names.scripts, COMPONENT.member, scripts);
}

/** The scripts of the jobs' pods. A change of these restarts no member. */
export function jobScripts(config: ClusterConfig, scripts: Scripts): Manifest {
  return scriptsConfigMap(config, config.names.jobScripts, COMPONENT.job, scripts);
}

/** Flux must not rewrite `$var` in scripts. */
function scriptsConfigMap(config: ClusterConfig, name: string, component: string, scripts: Scripts): Manifest {
  return write<k8s.KubeConfigMapProps>('v1', 'ConfigMap', {
    metadata: metadata(config, name, {
      component,
      annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' },
    }),
    data: scripts,
  });
}

const checksums = new WeakMap<Scripts, string>();

/** A checksum of the scripts, so that a change of a script replaces the pods. */
export function scriptsChecksum(scripts: Scripts): string {
  const known = checksums.get(scripts);
  if (known !== undefined) return known;
  const checksum = createHash('sha256').update(JSON.stringify(scripts)).digest('hex').slice(0, 16);
  checksums.set(scripts, checksum);
  return checksum;
}
