import type { Checked } from '../checks/struct';
import { DEFAULTS } from '../constants/defaults';
import type { StringMap } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import type { SECURITY } from '../props/security';

export interface SecurityConfig {
  /** Undefined if the platform assigns them. */
  readonly ids: { readonly user: number; readonly group: number; readonly fsGroup: number } | undefined;
  readonly supplementalGroups: readonly number[];
  readonly seLinuxOptions: Json<k8s.SeLinuxOptions> | undefined;
  readonly sysctls: readonly Json<k8s.Sysctl>[];
}

export interface ServiceAccountConfig {
  readonly create: boolean;
  /** Whether the props have a name. */
  readonly named: boolean;
  readonly name: string;
  readonly annotations: StringMap;
  readonly labels: StringMap;
}

export function resolveSecurity({ security: given = {} }: Checked<typeof SECURITY>): SecurityConfig {
  const { user, group, fsGroup, platformAssignsIds } = DEFAULTS.security;
  return {
    ids:
      (given.platformAssignsIds ?? platformAssignsIds)
        ? undefined
        : { user: given.user ?? user, group: given.group ?? group, fsGroup: given.fsGroup ?? fsGroup },
    supplementalGroups: given.supplementalGroups ?? [],
    seLinuxOptions: given.seLinuxOptions,
    sysctls: given.sysctls ?? [],
  };
}

export function resolveServiceAccount(props: Checked<typeof SECURITY>, name: string): ServiceAccountConfig {
  const given = props.serviceAccount ?? {};
  return {
    create: given.create ?? DEFAULTS.serviceAccount.create,
    named: given.name !== undefined,
    name: given.name ?? name,
    annotations: given.annotations ?? {},
    labels: given.labels ?? {},
  };
}
