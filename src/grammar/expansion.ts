/**
 * References to variables in commands, arguments and variables of containers, which the kubelet replaces: `$(NAME)`.
 * `$$(NAME)` stands for the text `$(NAME)`.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
const PART = /\$\$|\$\(([^)]*)\)/g;

/** Why a value would not arrive as it is written, or undefined. */
export function expansionProblem(value: string): string | undefined {
  const reference = [...value.matchAll(PART)].find(([, name]) => name !== undefined)?.[0];
  return reference === undefined
    ? undefined
    : `expected a text without ${reference}, because the kubelet replaces it by a variable; write $${reference} for the text itself`;
}
