import { type Check, type Fields } from '../checks/struct';
import { flag, listOf, oneOf, text } from '../checks/values';
import { dnsLabelProblem, dnsSubdomainProblem } from '../grammar/names';
import { EtcdWarning } from './warning';

/** A release of Bitnami's chart etcd 11.3.4. */
export interface EtcdBitnamiOptions {
  /**
   * The values of the release, as YAML: the content of the values file, or what `helm get values RELEASE --output yaml`
   * prints. Secrets are taken by reference only.
   */
  readonly values: string;

  /** Name of the release. */
  readonly releaseName: string;

  /** Namespace of the release. */
  readonly namespace: string;

  /**
   * What messages call the values.
   * @default 'values.yaml'
   */
  readonly fileName?: string;

  /**
   * Whether the release runs, so that its cluster has data. Sets `existingCluster` and `onTotalLoss`; with true,
   * `startFromSnapshot` is left out.
   * @default - true, unless `startFromSnapshot` is on, which restores into a cluster without data
   */
  readonly existingCluster?: boolean;

  /**
   * Warnings that are meant so, and are printed no more.
   * @default - every warning is printed
   */
  readonly acknowledgeWarnings?: EtcdWarning[];
}

/** YAML may hold anything: the importer says what is wrong with it, and where. */
const YAML: Check<string> = (value, path, problems) => {
  if (typeof value === 'string') return value;
  problems.add(path, 'expected the text of a values file', value);
  return undefined;
};

export const BITNAMI = {
  values: YAML,
  releaseName: text(dnsSubdomainProblem),
  namespace: text(dnsLabelProblem),
  fileName: text(),
  existingCluster: flag,
  acknowledgeWarnings: listOf(oneOf(EtcdWarning)),
} satisfies Fields<EtcdBitnamiOptions>;
