/** Relabelings of Prometheus. */

/** A name, in which groups of the regular expression may be inserted as `$1` or `${1}`. */
const TARGET = /^(?:[a-zA-Z_]|\$\{\w+\}|\$\w)(?:\w|\$\{\w+\}|\$\w)*$/;

/** A label by its name. The Prometheus operator refuses others. */
export function labelNameProblem(v: string): string | undefined {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(v)
    ? undefined
    : 'expected the name of a Prometheus label: letters, digits and _, not starting with a digit';
}

/** A label to write. */
export function relabelTargetProblem(v: string): string | undefined {
  return v.length <= 1000 && TARGET.test(v)
    ? undefined
    : 'expected the name of a Prometheus label, in which $1 may stand for a group of regex';
}
