import { type Check, type Checked, type Fields, struct } from '../checks/struct';
import type { Problems } from '../checks/problems';
import { listOf, oneOf, text, whole } from '../checks/values';
import { goRegexProblem } from '../grammar/go-regex';
import { labelNameProblem, relabelTargetProblem } from '../grammar/relabeling';

/** What a relabeling does. @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config */
export enum EtcdRelabelAction {
  /** Writes `replacement` into `targetLabel` where `regex` matches. */
  REPLACE = 'replace',
  /** Keeps what `regex` matches, and drops the rest. */
  KEEP = 'keep',
  /** Drops what `regex` matches. */
  DROP = 'drop',
  /** Writes a hash of the source labels, modulo `modulus`, into `targetLabel`. */
  HASHMOD = 'hashmod',
  /** Copies each label whose name `regex` matches to the name that `replacement` gives. */
  LABELMAP = 'labelmap',
  /** Removes labels whose name `regex` matches. */
  LABELDROP = 'labeldrop',
  /** Removes labels whose name `regex` does not match. */
  LABELKEEP = 'labelkeep',
  /** Writes the source labels in lower case into `targetLabel`. */
  LOWERCASE = 'lowercase',
  /** Writes the source labels in upper case into `targetLabel`. */
  UPPERCASE = 'uppercase',
  /** Keeps what has the same value in the source labels and in `targetLabel`. */
  KEEPEQUAL = 'keepequal',
  /** Drops what has the same value in the source labels and in `targetLabel`. */
  DROPEQUAL = 'dropequal',
}

/** Changes labels of targets or samples. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.RelabelConfig */
export interface EtcdRelabeling {
  /**
   * Action of this relabeling. Sets `action`.
   * @default - REPLACE, Prometheus' default
   */
  readonly action?: EtcdRelabelAction;

  /**
   * Labels whose values are joined by `separator` and matched by `regex`. Sets `sourceLabels`.
   * @default - none
   */
  readonly sourceLabels?: string[];

  /**
   * Separator between the values of the source labels. Sets `separator`.
   * @default - a semicolon, Prometheus' default
   */
  readonly separator?: string;

  /**
   * Label to write. Sets `targetLabel`.
   * @default - none
   */
  readonly targetLabel?: string;

  /**
   * Regular expression that must match the whole value. Sets `regex`.
   * @default - any value matches, Prometheus' default
   */
  readonly regex?: string;

  /**
   * Divisor of HASHMOD. Sets `modulus`.
   * @default - none
   */
  readonly modulus?: number;

  /**
   * Value to write. `$1` is the first group of `regex`. Sets `replacement`.
   * @default - `$1`, Prometheus' default
   */
  readonly replacement?: string;
}

const RELABEL = {
  action: oneOf(EtcdRelabelAction),
  sourceLabels: listOf(text(labelNameProblem)),
  separator: text(),
  targetLabel: text(relabelTargetProblem),
  regex: text(goRegexProblem),
  modulus: whole(1, Number.MAX_SAFE_INTEGER),
  replacement: text(),
} satisfies Fields<EtcdRelabeling>;

type Relabeling = Checked<typeof RELABEL>;

const { REPLACE, HASHMOD, LABELMAP, LABELDROP, LABELKEEP, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL } =
  EtcdRelabelAction;
const WRITES: readonly string[] = [REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL];

/** What these actions do not use. The Prometheus operator refuses a PodMonitor that sets it. */
const UNUSED: { readonly [action: string]: readonly (keyof Relabeling)[] } = {
  [LOWERCASE]: ['replacement'],
  [UPPERCASE]: ['replacement'],
  [KEEPEQUAL]: ['regex', 'modulus', 'separator', 'replacement'],
  [DROPEQUAL]: ['regex', 'modulus', 'separator', 'replacement'],
  [LABELDROP]: ['sourceLabels', 'targetLabel', 'modulus', 'separator', 'replacement'],
  [LABELKEEP]: ['sourceLabels', 'targetLabel', 'modulus', 'separator', 'replacement'],
};

function checkAction(relabeling: Relabeling, path: string, problems: Problems): void {
  const action: string = relabeling.action ?? REPLACE;
  const missing = (key: keyof Relabeling): void => {
    if (relabeling[key] === undefined && !problems.touch(`${path}.${key}`))
      problems.add(`${path}.${key}`, `is required with the action ${action}; set it`);
  };
  if (problems.touch(`${path}.action`)) return;
  if (WRITES.includes(action)) missing('targetLabel');
  if (action === HASHMOD) missing('modulus');
  for (const key of UNUSED[action] ?? [])
    if (relabeling[key] !== undefined)
      problems.add(`${path}.${key}`, `is not used by the action ${action}; remove it`, relabeling[key]);
  const { replacement } = relabeling;
  const problem = replacement !== undefined && action === LABELMAP ? relabelTargetProblem(replacement) : undefined;
  if (problem !== undefined) problems.add(`${path}.replacement`, problem, replacement);
}

/** Checks of a relabeling. */
export const RELABELING: Check<Relabeling> = (value, path, problems) => {
  const relabeling = struct(RELABEL)(value, path, problems);
  if (relabeling && !problems.touch(path)) checkAction(relabeling, path, problems);
  return problems.touch(path) ? undefined : relabeling;
};
