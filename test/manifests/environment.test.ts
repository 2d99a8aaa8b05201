import { JOB_ENV, MEMBER_ENV } from '../../src/constants/names';
import { SCRIPT_SOURCES } from '../support/scripts';
import { synthCluster, type Written } from '../support/synth';
import { everything } from './everything';

/** Compares the variables of each container with those that its scripts read. */
interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

const offline = synthCluster({}, (cluster) => void cluster.addDefrag()); // "everything" defragments online
const podSpecs = [...(everything() as Written[]), ...offline].flatMap(({ kind, spec }) => {
  if (kind === 'StatefulSet' || kind === 'Job') return [{ kind, ...spec.template.spec }];
  return kind === 'CronJob' ? [{ kind, ...spec.jobTemplate.spec.template.spec }] : [];
});
const CONTAINERS: readonly (Container & { readonly kind: string })[] = podSpecs
  .flatMap(({ kind, containers, initContainers }) =>
    [...containers, ...initContainers].map((container: Container) => ({ ...container, kind })),
  )
  .filter((container) => startsOf(container).length > 0);

/** Installed by the first container, for the others. */
const FOR_OTHERS = 'etcdctl.sh';

/** The scripts that Kubernetes starts in a container. */
function startsOf({ command = [], lifecycle }: Container): string[] {
  const commands = [...command, ...(lifecycle?.preStop.exec.command ?? [])];
  return commands.flatMap((word) => /\/scripts\/([\w.-]+\.sh)$/.exec(word)?.[1] ?? []);
}

function textOf(name: string): string {
  const text = SCRIPT_SOURCES.find((script) => script.name === name)?.text ?? '';
  return text.replace(/(^|\s)# .*$/gm, '');
}

/** These scripts, and all that they source or start. */
function withOthers(names: readonly string[]): string[] {
  const all = new Set(names);
  for (const name of all)
    for (const [, other = ''] of textOf(name).matchAll(/([\w.-]+\.sh)\b/g)) if (other !== FOR_OTHERS) all.add(other);
  return [...all];
}

/** Read by scripts, but set by the program that starts them. */
const OTHERS: readonly string[] = ['NF', 'QUERY_STRING']; // awk, httpd

/** Set with `tls`, and only then read. */
const WITH_TLS: readonly string[] = ['ETCDCTL_KEY'];

const scriptsOf = (container: Container): string => withOthers(startsOf(container)).map(textOf).join('\n');
const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);
const readBy = (container: Container): string[] => namesIn(scriptsOf(container), /\$\{?([A-Z][A-Z0-9_]*)/g);

function neededBy(container: Container): string[] {
  const own = [...OTHERS, ...WITH_TLS, ...namesIn(scriptsOf(container), /\b([A-Z][A-Z0-9_]*)=/g)];
  return readBy(container).filter((name) => !own.includes(name));
}

/** Set by the manifests, and read by other programs. */
const BY_PROGRAMS = /^(?:ETCD_.*|ETCDCTL_(?:CERT|KEY|CACERT)|RCLONE_.*|SSL_CERT_FILE|PATH)$/;

/** Not set: the scripts give these to etcdctl as flags, or could not read what it answers. */
const SCRIPTS_FLAGS =
  /^ETCDCTL_(?:ENDPOINTS|COMMAND_TIMEOUT|DIAL_TIMEOUT|WRITE_OUT|HEX|DISCOVERY_SRV|INSECURE_SKIP_TLS_VERIFY)$/;

/** The props `extraEnv` of "everything". */
const BY_PROPS: readonly string[] = ['GOMAXPROCS', 'GOMEMLIMIT'];

/** Without it, the Job of a restore would have another name, and the restore another run. */
const UNUSED_IN_JOBS: readonly string[] = ['POD_NAMESPACE'];

const setIn = ({ env }: Container): string[] => env.map(({ name }) => name).filter((name) => !BY_PROPS.includes(name));

test('there are containers of each kind, and scripts that read variables', () => {
  const names = CONTAINERS.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['etcd', 'toolbox', 'kubectl', 'rclone', 'snapshot', 'drill', 'defrag']),
  );
  for (const container of CONTAINERS) expect(neededBy(container)).not.toEqual([]);
});

test.each(CONTAINERS)('$kind, $name: what its scripts read is set', (container) => {
  expect(neededBy(container).filter((name) => !setIn(container).includes(name))).toEqual([]);
});

test.each([
  ['member', []],
  ['job', UNUSED_IN_JOBS],
])('every variable of a %s is read by one of its scripts', (kind, unused) => {
  const containers = CONTAINERS.filter((container) => (container.kind === 'StatefulSet') === (kind === 'member'));
  const read = new Set(containers.flatMap(readBy));
  const values = containers.flatMap(({ env }) => env.map(({ value = '' }) => value)).join(' ');
  const set = containers.flatMap(setIn).filter((name) => !BY_PROGRAMS.test(name) && !values.includes(`$(${name})`));
  expect([...new Set(set)].filter((name) => !read.has(name))).toEqual(unused);
});

test('props must not set the names that the manifests set', () => {
  const of = (...names: string[]): string[] =>
    [...new Set(CONTAINERS.filter(({ name }) => names.includes(name)).flatMap(setIn))].sort();
  const named = (names: readonly string[]): string[] => names.filter((name) => !SCRIPTS_FLAGS.test(name)).sort();
  expect(named(MEMBER_ENV)).toEqual(of('etcd').filter((name) => !name.startsWith('ETCD_')));
  expect(named(JOB_ENV)).toEqual(of('snapshot', 'drill', 'defrag', 'restore'));
});
