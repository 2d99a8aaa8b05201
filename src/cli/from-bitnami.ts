import { App, Chart } from 'cdk8s';
import { join } from 'node:path';
import { ENV_PROPS } from '../bitnami/to-props/etcd';
import { appCode } from '../bitnami/code';
import { importRead, readValues, type ImportedCluster, type ImportProblem, type ReadFile } from '../bitnami/import';
import { compareLive, findStatefulSet } from '../bitnami/live';
import { isRefused } from '../bitnami/live-comparison';
import { namesUser } from '../bitnami/live-identity';
import { liveText, reportOf, reportText, type Report } from '../bitnami/report';
import { isMap, type JsonObject } from '../bitnami/json';
import { VERDICTS } from '../bitnami/verdicts';
import { construct } from '../constructs/bitnami';
import { EtcdCluster } from '../constructs/etcd-cluster';
import { EtcdWarning } from '../props/warning';
import { FileError, fromBitnamiArgs, UsageError, type FromBitnamiArgs } from './args';
import { FROM_BITNAMI_HELP } from './help';
import { nameOf, read, type World } from './read';

/** @returns the exit status */
export function fromBitnami(args: string[], world: World): number {
  const asked = fromBitnamiArgs(args);
  if (!asked) {
    world.out(FROM_BITNAMI_HELP);
    return 0;
  }
  const file = readValues(read(world, asked.values), { name: asked.release, namespace: asked.namespace });
  const set = asked.live !== undefined && file.problems.length === 0 ? liveSet(asked.live, file, world) : undefined;
  // A live cluster has data, and shows whether the platform assigned its user.
  const imported = importRead(file, {
    existing: asked.isNew ? false : undefined,
    live: set && { namesUser: namesUser(set) },
  });
  const checked = imported.problems.length === 0 ? check(imported) : undefined;
  const problems = checked?.problems ?? imported.problems;
  const live =
    checked?.cluster && set ? compareLive(set, checked.cluster.statefulSet.toJson() as JsonObject) : undefined;
  const report = reportOf(imported, problems, live);
  const isFine = problems.length === 0 && !(live && isRefused(live));
  return tell(asked, report, isFine ? appCode(imported) : undefined, world);
}

function tell(asked: FromBitnamiArgs, report: Report, code: string | undefined, world: World): number {
  const assumed = asked.assumed.length === 0 ? '' : `Assumed: ${asked.assumed.join(' ')}\n`;
  const text = assumed + reportText(report, nameOf(asked.values));
  const status = code === undefined ? 1 : 0;
  const writesFiles = asked.output !== undefined && code !== undefined;
  const tellsAll = code === undefined ? ['both', 'code'].includes(asked.print) : asked.print === 'both' && !writesFiles;
  if (writesFiles) writeBoth(asked.output, { 'main.ts': code, 'report.txt': text }, world);
  // Differences to the live cluster are always printed, even without the report.
  if (tellsAll) world.err(text);
  else if (report.live) world.err(liveText(report.live));
  if (asked.print === 'json')
    world.out(`${JSON.stringify({ status: status === 0 ? 'ok' : 'refused', ...report, code }, null, 2)}\n`);
  else if (asked.print === 'report') world.out(text);
  else if (code !== undefined && !writesFiles) world.out(code);
  return status;
}

/** Writes both files or none. */
function writeBoth(folder: string, texts: { readonly [file: string]: string }, world: World): void {
  const files = Object.entries(texts).map(([name, text]) => [join(folder, name), text] as const);
  const there = files.map(([file]) => file).filter((file) => world.exists(file));
  if (there.length > 0) throw new FileError(`${there.join(' and ')} exists; remove it or choose another folder`);
  for (const [file, text] of files) world.write(file, text);
}

/** The library's own problems with the props, with the lines that they come from. */
function check(imported: ImportedCluster): { readonly cluster?: EtcdCluster; readonly problems: ImportProblem[] } {
  const app = new App();
  const chart = new Chart(app, 'check');
  const acknowledgeWarnings = Object.values(EtcdWarning);
  const cluster = construct(imported, (props) => new EtcdCluster(chart, 'Etcd', { ...props, acknowledgeWarnings }));
  const problems = app.node.findAll().flatMap((c) => {
    const job = c.node.id === 'Etcd' ? 'cluster' : c.node.id.toLowerCase();
    return c.node.validate().map((text) => located(text, job, imported));
  });
  return problems.length === 0 ? { cluster, problems } : { problems };
}

function located(text: string, job: string, { values }: ImportedCluster): ImportProblem {
  const prop = /^\w+/.exec(text)?.[0] ?? '';
  const to = `${job}.${prop}`;
  const variables = values
    .list('extraEnvVars')
    .map((item) => (isMap(item) ? ENV_PROPS.get(String(item.name as string)) : ''));
  const mapped = values.named.find((name) => {
    const verdict = VERDICTS[name];
    return verdict?.kind === 'mapped' && verdict.to === to;
  });
  // A rule between two settings can name the one that is not in the file.
  const isVariable = job === 'cluster' && [...ENV_PROPS.values()].includes(prop) && variables.length > 0;
  const parameter = isVariable && (variables.includes(prop) || mapped === undefined) ? 'extraEnvVars' : mapped;
  return { parameter: parameter ?? '', line: parameter === undefined ? undefined : values.line(parameter), text };
}

function liveSet(file: string, { fullname }: ReadFile, world: World): JsonObject {
  const live = findStatefulSet(read(world, file), fullname, nameOf(file));
  if (typeof live === 'string') throw new UsageError(live);
  return live;
}
