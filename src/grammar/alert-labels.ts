import { ALERT_LABELS, DISTINCT_LABELS, SERIES_LABELS } from '../constants/names';

const NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label name of Prometheus. Kubernetes' label keys have another grammar. */
function labelNameProblem(v: string): string | undefined {
  return NAME.test(v)
    ? undefined
    : 'expected a Prometheus label name: letters, digits and _, not starting with a digit or __';
}

/** Labels that a user adds to alerts. */
export function alertLabelProblem(v: string): string | undefined {
  const problem = labelNameProblem(v);
  if (problem !== undefined) return problem;
  if (ALERT_LABELS.includes(v)) return 'is set by the library; choose another label';
  return DISTINCT_LABELS.includes(v) ? 'is how alerts of one name differ; choose another label' : undefined;
}

/** Labels that select the series of a Kubernetes cluster. */
export function seriesLabelProblem(v: string): string | undefined {
  return labelNameProblem(v) ?? (SERIES_LABELS.includes(v) ? 'is set by the library; remove it' : undefined);
}

/** URL of a page, to which the name of a section is added. */
export function runbookUrlProblem(v: string): string | undefined {
  return /^https?:\/\/[^\s/?#]+[^\s#]*$/.test(v) ? undefined : 'expected an http or https URL without # or spaces';
}
