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
