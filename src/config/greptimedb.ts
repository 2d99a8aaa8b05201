import { DEFAULTS } from '../constants/defaults';
import { quantityBytes } from '../grammar/quantity';
import type { GreptimeDbOptions } from '../props/greptimedb';

/** What the construct needs, complete. */
export interface GreptimeDbConfig {
  readonly namespace: string;
  readonly clusterName: string | undefined;
  readonly operatorVersion: string;
  readonly chartVersion: string;
  readonly everyMember: boolean;
  readonly maxTxnOps: number;
  readonly maxMetadataValueBytes: number;
}

export function resolveGreptimeDb(options: GreptimeDbOptions, namespace: string): GreptimeDbConfig {
  const defaults = DEFAULTS.greptimeDb;
  return {
    namespace,
    clusterName: options.clusterName,
    operatorVersion: options.operatorVersion ?? defaults.operatorVersion,
    chartVersion: options.chartVersion ?? defaults.chartVersion,
    everyMember: options.everyMember ?? false,
    maxTxnOps: options.maxTxnOps ?? defaults.maxTxnOps,
    maxMetadataValueBytes: quantityBytes(options.maxMetadataValue ?? defaults.maxMetadataValue),
  };
}
