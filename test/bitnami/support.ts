import type { App } from 'cdk8s';
import { Chart, Testing } from 'cdk8s';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdCluster, EtcdWarning } from '../../src';
import { importValues, type ImportedCluster } from '../../src/bitnami/import';
import type { Written } from '../support/synth';

/** A values file, and the release it is for, which its first line names. */
export interface Case {
  readonly name: string;
  readonly text: string;
  readonly release: { readonly name: string; readonly namespace: string };
}

const VALUES = join(__dirname, 'values');

export const CASES: Case[] = readdirSync(VALUES)
  .sort()
  .map((file) => {
    const text = readFileSync(join(VALUES, file), 'utf8');
    const [, name = '', namespace = ''] = /^# release (\S+) in (\S+)/.exec(text) ?? [];
    return { name: file.replace('.yaml', ''), text, release: { name, namespace } };
  });

export function imported({ text, release }: Case): ImportedCluster {
  return importValues(text, { release });
}

/** What fromBitnamiValues writes. */
export function synthImport({ text, release }: Case, app: App = Testing.app()): Written[] {
  const chart = new Chart(app, 'test');
  EtcdCluster.fromBitnamiValues(chart, 'Etcd', {
    values: text,
    releaseName: release.name,
    namespace: release.namespace,
    acknowledgeWarnings: Object.values(EtcdWarning),
  });
  return Testing.synth(chart) as Written[];
}

/** What Helm renders, as tools/render-bitnami.mjs stored it. */
export function rendered(name: string, folder = join(__dirname, 'rendered')): Written[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Written[];
}
