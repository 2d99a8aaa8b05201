import { k8s } from 'cdk8s-plus-28';
import { problemsOf, synthCluster } from './synth';

/** As a caller from JavaScript would: nothing is checked by a compiler. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
export type Anything = any;

export const q = (value: string) => k8s.Quantity.fromString(value);
export const port = (value: number) => k8s.IntOrString.fromNumber(value);
export const portName = (value: string) => k8s.IntOrString.fromString(value);

/** Each has one problem, whose text has this part. */
export function refuses(cases: [props: Anything, problem: string][]): void {
  test.each(cases)('%#: %j', (props, problem) => {
    expect(problemsOf(() => synthCluster(props))).toEqual([expect.stringContaining(problem)]);
  });
}

/** None has a problem. */
export function accepts(cases: [props: Anything][]): void {
  test.each(cases)('accepted %#: %j', (props) => {
    expect(problemsOf(() => synthCluster(props))).toEqual([]);
  });
}
