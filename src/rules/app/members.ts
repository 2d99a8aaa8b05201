import { memberNames } from '../../config/etcd-options';
import { MOST_MEMBERS, VOLUME } from '../../constants/names';
import type { AppCluster, AppObject } from './content';

/** The objects that Kubernetes and cert-manager create for a cluster. */
export function createdForCluster({ path, config }: AppCluster): AppObject[] {
  const { namespace, tls } = config;
  const object = (kind: string, why: string, name: string): AppObject => ({
    group: 'core',
    kind,
    namespace,
    name,
    path,
    cluster: path,
    why,
    toJson: () => ({}),
  });
  const secrets = tls?.certManager ? [tls.server, tls.peer, tls.client].map(({ name }) => name) : [];
  return [
    ...memberNames(config).map((name) => object('Pod', 'for a member', name)),
    ...memberClaims(config).map((name) => object('PersistentVolumeClaim', 'for a member', name)),
    ...secrets.map((name) => object('Secret', 'for a certificate', name)),
  ];
}

/** Names of the claims of all members that there may ever be: claims stay when `replicas` is lowered. */
export function memberClaims(config: AppCluster['config']): string[] {
  const { claim, extraVolumeClaimTemplates } = config.storage;
  const templates = [
    ...(claim ? [VOLUME.data] : []),
    ...extraVolumeClaimTemplates.map(({ metadata }) => metadata?.name ?? ''),
  ];
  return templates.flatMap((template) => memberNames(config, MOST_MEMBERS).map((member) => `${template}-${member}`));
}
