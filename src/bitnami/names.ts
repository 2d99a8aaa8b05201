import type { Values } from './values';

const CHART = 'etcd';
const NAME = 'app.kubernetes.io/name';
const INSTANCE = 'app.kubernetes.io/instance';

/** Cuts a name to 63 characters, without a trailing `-`. */
function cut(name: string): string {
  return name.slice(0, 63).replace(/-$/, '');
}

/** The name of the StatefulSet, and the prefix of all other names. */
export function fullname(values: Values): string {
  const override = values.text('fullnameOverride');
  if (override !== '') return cut(override);
  const name = values.text('nameOverride') || CHART;
  const release = values.release.name;
  return cut(release.includes(name) ? release : `${release}-${name}`);
}

/** The labels in the release's selectors. Labels of pods override those of the chart. */
export function selector(values: Values): { readonly name: string; readonly instance: string } {
  const labels = { ...values.texts('commonLabels'), ...values.texts('podLabels') };
  return {
    name: labels[NAME] ?? cut(values.text('nameOverride') || CHART),
    instance: labels[INSTANCE] ?? values.release.name,
  };
}

/** Labels without those in selectors. */
export function ownLabels(labels: { readonly [key: string]: string }): { readonly [key: string]: string } | undefined {
  const { [NAME]: _name, [INSTANCE]: _instance, ...own } = labels;
  return Object.keys(own).length === 0 ? undefined : own;
}

/** The etcd version at the start of a tag of Bitnami's image. */
export function versionOf(tag: string): string | undefined {
  return /^\d+\.\d+\.\d+/.exec(tag)?.[0];
}
