import type { IConstruct } from 'constructs';
import type { Problems } from '../checks/problems';
import type { Warnings } from '../rules/warnings';

/**
 * Reports a construct's problems at App.synth(), which collects the problems of the whole app in one error before it
 * writes anything. Warnings are printed to standard error then, once.
 */
export function reportAtSynth(construct: IConstruct, problems: Problems, warnings: Warnings): void {
  let told = false;
  construct.node.addValidation({
    validate: () => {
      if (!told)
        for (const message of warnings.messages) process.stderr.write(`warning: [${construct.node.path}] ${message}\n`);
      told = true;
      return problems.messages;
    },
  });
}
