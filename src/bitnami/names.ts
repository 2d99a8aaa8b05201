import type { Values } from './values';

const CHART = 'etcd';
const NAME = 'app.kubernetes.io/name';
const INSTANCE = 'app.kubernetes.io/instance';

/** Names end at 63 characters, and never with `-`. */
function cut(name: string): string {
  return name.slice(0, 63).replace(/-$/, '');
}

/** The name of the StatefulSet, and prefix of all others. */
export function fullname(values: Values): string {
  const override = values.text('fullnameOverride');
  if (override !== '') return cut(override);
  const name = values.text('nameOverride') || CHART;
  const release = values.release.name;
  return cut(release.includes(name) ? release : `${release}-${name}`);
}

/** What the selectors of the release say: labels of pods overrule the chart's own. */
export function selector(values: Values): { readonly name: string; readonly instance: string } {
  const labels = { ...values.texts('commonLabels'), ...values.texts('podLabels') };
  return {
    name: labels[NAME] ?? cut(values.text('nameOverride') || CHART),
    instance: labels[INSTANCE] ?? values.release.name,
  };
}

/** Labels without those that selectors use. */
export function ownLabels(labels: { readonly [key: string]: string }): { readonly [key: string]: string } | undefined {
  const { [NAME]: _name, [INSTANCE]: _instance, ...own } = labels;
  return Object.keys(own).length === 0 ? undefined : own;
}

/** The etcd version that a tag of Bitnami's image begins with. */
export function versionOf(tag: string): string | undefined {
  return /^\d+\.\d+\.\d+/.exec(tag)?.[0];
}
