import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import {
  EtcdDefragMethod,
  EtcdSnapshotStore,
  EtcdRoot,
  EtcdTls,
  type EtcdAlert,
  type EtcdCluster,
  type EtcdClusterProps,
} from '../../src';
import { describePromtool, PROMTOOL } from '../support/promtool';
import { find, synthCluster } from '../support/synth';

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

export interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Series as promtool reads them, with one value for each minute. */
export interface Series {
  readonly [series: string]: string;
}

/** One moment of one alert. */
export interface Case {
  readonly alert: EtcdAlert;
  /** The situation, in words. */
  readonly when: string;
  readonly series: Series;
  readonly at: string;
  /** The labels of each firing alert, besides those that all alerts have. Empty if none fires. */
  readonly fires?: readonly { readonly [label: string]: string }[];
}

/** All jobs and a CPU limit, so that every alert exists. */
export const withJobs = (cluster: EtcdCluster): void => {
  cluster.addMonitoring();
  cluster.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') }).addRestoreDrill();
  // Only three members or more can be defragmented one after another.
  cluster.addDefrag(cluster.memberEndpoints.length < 3 ? { method: EtcdDefragMethod.ONLINE } : {});
};

export function groups(
  props: Partial<EtcdClusterProps> = {},
  more: (cluster: EtcdCluster) => void = withJobs,
): readonly Group[] {
  const rule = find(
    synthCluster(
      { resources: { cpuLimit: '2' }, tls: EtcdTls.fromOwnCa(), auth: { root: EtcdRoot.certificate() }, ...props },
      more,
    ),
    'PrometheusRule',
    'etcd',
  );
  return (rule.spec as { groups: Group[] }).groups;
}

export function rules(...args: Parameters<typeof groups>): Rule[] {
  return groups(...args).flatMap((group) => group.rules);
}

/** Series of members, with the labels that the operator adds. */
export function member(ordinal: number, metric: string, more: { readonly [label: string]: string } = {}): string {
  return named(metric, {
    namespace: 'etcd-cluster',
    pod: `etcd-${ordinal}`,
    container: 'etcd',
    endpoint: 'metrics',
    job: 'anything',
    instance: `10.0.0.${ordinal}:2381`,
    ...more,
  });
}

/** The same values for each of three members. */
export function members(metric: string, values: string[], more: { readonly [label: string]: string } = {}): Series {
  return Object.fromEntries(values.map((value, ordinal) => [member(ordinal, metric, more), value]));
}

/** A series of kube-state-metrics. */
export function state(metric: string, labels: { readonly [label: string]: string }): string {
  return named(metric, { namespace: 'etcd-cluster', job: 'kube-state-metrics', ...labels });
}

export function named(metric: string, labels: { readonly [label: string]: string }): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `${metric}{${pairs.join(',')}}`;
}

/** A constant value for this many minutes. */
export const flat = (value: number, minutes = 180): string => `${value}+0x${minutes}`;
/** A counter that grows by this much each minute. */
export const grows = (each: number, minutes = 180): string => `0+${each}x${minutes}`;

/** Buckets in which all observations fall just below `le`. */
export function observed(
  ordinal: number,
  histogram: string,
  le: number,
  more: { readonly [label: string]: string } = {},
): Series {
  const bounds = [...new Set([le / 2, le, le * 2])].map(String);
  return Object.fromEntries(
    [...bounds, '+Inf'].map((bound) => [
      member(ordinal, `${histogram}_bucket`, { ...more, le: bound }),
      grows(bound !== '+Inf' && Number(bound) < le ? 0 : 60),
    ]),
  );
}

export function describeRules(name: string, tests: () => void): void {
  describePromtool("alerts against Prometheus' own rule tests", name, tests);
}

// A simulated day takes seconds, and more in parallel with other tests.
jest.setTimeout(60_000);

/** promtool's messages. Empty if everything passes. */
export function checkRules(written: readonly Group[]): string {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yaml'), Yaml.stringify({ groups: written }));
    return run(['check', 'rules', join(folder, 'rules.yaml')]);
  });
}

/** Runs one case against the rules. Compares only the summary of the annotations, which has no numbers. */
export function testRule(written: readonly Group[], { alert, series, at, fires = [] }: Case): string {
  const rule = written.flatMap((group) => group.rules).find((r) => r.alert === alert);
  if (!rule) throw new Error(`no rule ${alert}`);
  const expected = fires.map((labels) => ({
    exp_labels: { ...labels, ...rule.labels },
    exp_annotations: { summary: filled(rule.annotations.summary, labels) },
  }));
  return test([{ name: 'one', rules: [rule] }], series, [{ eval_time: at, alertname: alert, exp_alerts: expected }]);
}

/** No alert fires at that time. */
export function testSilence(written: readonly Group[], series: Series, at: string): string {
  const names = written.flatMap((group) => group.rules.map((rule) => rule.alert));
  return test(
    written,
    series,
    names.map((alertname) => ({ eval_time: at, alertname, exp_alerts: [] })),
  );
}

function test(written: readonly Group[], series: Series, alerts: readonly object[]): string {
  const short = written.map(({ name, rules: all }) => ({
    name,
    rules: all.map((rule) => ({ ...rule, annotations: { summary: rule.annotations.summary } })),
  }));
  const unit = {
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: alerts,
  };
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yaml'), Yaml.stringify({ groups: short }));
    writeFileSync(join(folder, 'test.yaml'), Yaml.stringify({ rule_files: ['rules.yaml'], tests: [unit] }));
    return run(['test', 'rules', join(folder, 'test.yaml')]);
  });
}

function filled(template: string, labels: { readonly [label: string]: string }): string {
  return template.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_all, name: string) => labels[name] ?? '');
}

function run(args: string[]): string {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { encoding: 'utf8' });
  return status === 0 ? '' : stdout + stderr;
}

function inFolder<T>(act: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'etcd-alerts-'));
  try {
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
