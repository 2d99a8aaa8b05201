import { type Check, type Fields } from '../checks/struct';
import { flag, listOf, oneOf, text } from '../checks/values';
import { dnsLabelProblem, dnsSubdomainProblem } from '../grammar/names';
import { EtcdWarning } from './warning';

/** A release of Bitnami's chart etcd 11.3.4, to import. */
export interface EtcdBitnamiOptions {
  /**
   * The values of the release, as YAML: the content of the values file, or the output of `helm get values RELEASE
   * --output yaml`. Secrets are accepted by reference only.
   */
  readonly values: string;

  /** Name of the Helm release. */
  readonly releaseName: string;

  /** Namespace of the Helm release. */
  readonly namespace: string;

  /**
   * Name of the values file in messages.
   * @default 'values.yaml'
   */
  readonly fileName?: string;

  /**
   * Whether the release is running, so that its cluster has data. Sets `existingCluster` and `onTotalLoss`. If true,
   * `startFromSnapshot` is not imported.
   * @default - true, unless `startFromSnapshot.enabled` is true: that restores into a cluster without data
   */
  readonly existingCluster?: boolean;

  /**
   * Warnings that you acknowledge. They are no longer printed.
   * @default - none
   */
  readonly acknowledgeWarnings?: EtcdWarning[];
}

/** Any text is accepted here: the importer reports what is wrong in it, with the line. */
const YAML: Check<string> = (value, path, problems) => {
  if (typeof value === 'string') return value;
  problems.add(path, 'expected the text of a values file, as YAML', value);
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
