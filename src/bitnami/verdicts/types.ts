import type { Shape } from '../shapes';
import type { Json } from '../json';
import type { ParameterDefault, Values } from '../values';

interface Parameter extends ParameterDefault {
  readonly shape: Shape;
  /** Returns why a value cannot be imported, and what to do. */
  readonly unless?: (value: never, values: Values) => string | undefined;
}

/** Becomes a prop. `cluster.` is for props of EtcdCluster, the others are options of its jobs. */
export interface Mapped extends Parameter {
  readonly kind: 'mapped';
  readonly to: string;
  /** The library's default replaces the chart's. */
  readonly ownDefault?: true;
}

/** The library does the same in another way. */
export interface Replaced extends Parameter {
  readonly kind: 'replaced';
  readonly by: string;
}

/** Has no use here. With `missed`, the import warns about it. */
export interface Dropped extends Parameter {
  readonly kind: 'dropped';
  readonly why: string;
  readonly missed?: true;
}

/** Cannot be imported if it is used. */
export interface Refused extends Parameter {
  readonly kind: 'refused';
  readonly instead: string;
}

export type Verdict = Mapped | Replaced | Dropped | Refused;
export interface Verdicts {
  readonly [parameter: string]: Verdict;
}

type More = Pick<Parameter, 'when' | 'unless'>;

export function mapped(to: string, shape: Shape, initial: Json, more: More & Pick<Mapped, 'ownDefault'> = {}): Mapped {
  return { kind: 'mapped', to, shape, default: initial, ...more };
}

export function replaced(by: string, shape: Shape, initial: Json, more: More = {}): Replaced {
  return { kind: 'replaced', by, shape, default: initial, ...more };
}

export function dropped(why: string, shape: Shape, initial: Json, more: More & { missed?: true } = {}): Dropped {
  return { kind: 'dropped', why, shape, default: initial, ...more };
}

export function refused(instead: string, shape: Shape, initial: Json, more: More = {}): Refused {
  return { kind: 'refused', instead, shape, default: initial, ...more };
}

/** The same verdict for several parameters of a section, by name and default. */
export function each(
  section: string,
  items: { readonly [name: string]: Json },
  verdict: (initial: Json) => Verdict,
): Verdicts {
  return Object.fromEntries(Object.entries(items).map(([name, initial]) => [`${section}.${name}`, verdict(initial)]));
}

/** These verdicts, with the names prefixed by a section. */
export function under(section: string, verdicts: Verdicts): Verdicts {
  return Object.fromEntries(Object.entries(verdicts).map(([name, verdict]) => [`${section}.${name}`, verdict]));
}
