import { memberNames } from '../../config/etcd-options';
import { MOST_MEMBERS, VOLUME } from '../../constants/names';
import type { AppCluster, AppObject } from './content';

/** The objects that Kubernetes creates for a cluster. */
export function createdForCluster({ path, config }: AppCluster): AppObject[] {
  const { namespace } = config;
  const object = (kind: string, name: string): AppObject => ({
    group: 'core',
    kind,
    namespace,
    name,
    path,
    cluster: path,
    why: 'for a member',
    toJson: () => ({}),
  });
  return [
    ...memberNames(config).map((name) => object('Pod', name)),
    ...memberClaims(config).map((name) => object('PersistentVolumeClaim', name)),
  ];
}

/** The Secret that cert-manager creates for a Certificate. */
export function secretOf(object: AppObject): AppObject[] {
  if (object.group !== 'cert-manager.io' || object.kind !== 'Certificate') return [];
  const { spec } = object.toJson() as { readonly spec?: { readonly secretName?: string } };
  const name = spec?.secretName;
  return name === undefined ? [] : [{ ...object, group: 'core', kind: 'Secret', name, why: 'for a certificate' }];
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
