import { ALERT_LABELS, SERIES_LABELS } from '../constants/names';

const NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label name of Prometheus, which is not the same as a label key of Kubernetes. */
function labelNameProblem(v: string): string | undefined {
  return NAME.test(v)
    ? undefined
    : 'expected a label name of Prometheus: letters, digits and _, not a digit or __ at its start';
}

/** Labels that a user adds to alerts. */
export function alertLabelProblem(v: string): string | undefined {
  return labelNameProblem(v) ?? (ALERT_LABELS.includes(v) ? 'is set by the library; choose another label' : undefined);
}

/** Labels by which a user tells series apart. */
export function seriesLabelProblem(v: string): string | undefined {
  return labelNameProblem(v) ?? (SERIES_LABELS.includes(v) ? 'is set by the library; leave it out' : undefined);
}

/** A page, to which the section is added. */
export function runbookUrlProblem(v: string): string | undefined {
  return /^https?:\/\/[^\s/?#]+[^\s#]*$/.test(v) ? undefined : 'expected an http or https URL without # and spaces';
}
