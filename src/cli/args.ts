import { parseArgs } from 'node:util';
import { dnsLabelProblem, dnsSubdomainProblem } from '../grammar/names';

/** The arguments of `from-bitnami`. */
export interface FromBitnamiArgs {
  readonly values: string;
  readonly release: string;
  readonly namespace: string;
  /** Options that were not given, although the result depends on them. */
  readonly assumed: readonly string[];
  readonly live: string | undefined;
  readonly isNew: boolean;
  readonly print: 'both' | 'code' | 'report' | 'json';
  readonly output: string | undefined;
}

/** Wrong usage. The message is for the user. */
export class UsageError extends Error {}

/** A file that cannot be written. The help would not explain it. */
export class FileError extends Error {}

const FLAGS = ['code', 'report', 'json'] as const;

/** Returns undefined if the help is requested. */
export function fromBitnamiArgs(args: string[]): FromBitnamiArgs | undefined {
  const { values: options, positionals } = parse(args);
  if (options.help) return undefined;
  const [values, ...more] = positionals;
  if (values === undefined) throw new UsageError('expected a values file; give its name, or - for standard input');
  if (more.length > 0)
    throw new UsageError(
      `expected one values file, got ${positionals.length}; merge them with helm get values RELEASE --output yaml`,
    );
  const print = FLAGS.filter((flag) => options[flag]);
  if (print.length > 1) throw new UsageError(`--${print.join(' and --')} cannot be combined; use one of them`);
  if (options.output !== undefined && print[0] !== undefined)
    throw new UsageError(`--output writes both files and cannot be combined with --${print[0]}; remove one of them`);
  if (values === '-' && options.live === '-')
    throw new UsageError('VALUES and --live cannot both be standard input; use a file for one of them');
  if (options.new && options.live !== undefined)
    throw new UsageError('--new and --live cannot be combined, because a live cluster has data; remove --new');
  const { release = 'etcd', namespace = 'etcd-cluster' } = options;
  refuse('--release', dnsSubdomainProblem(release), release);
  refuse('--namespace', dnsLabelProblem(namespace), namespace);
  return {
    values,
    release,
    namespace,
    assumed: [
      ...(options.release === undefined ? [`--release ${release}`] : []),
      ...(options.namespace === undefined ? [`--namespace ${namespace}`] : []),
    ],
    live: options.live,
    isNew: options.new ?? false,
    print: print[0] ?? 'both',
    output: options.output,
  };
}

/** The files of `images`. Returns undefined if the help is requested. */
export function imagesArgs(args: string[]): string[] | undefined {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = orUsageError(() => parseArgs({ args, allowPositionals: true, options }));
  if (values.help) return undefined;
  if (positionals.length === 0) throw new UsageError('expected manifests; give their files, such as dist/*.yaml');
  return positionals;
}

function parse(args: string[]) {
  return orUsageError(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        release: { type: 'string', short: 'r' },
        namespace: { type: 'string', short: 'n' },
        live: { type: 'string' },
        new: { type: 'boolean' },
        code: { type: 'boolean' },
        report: { type: 'boolean' },
        json: { type: 'boolean' },
        output: { type: 'string', short: 'o' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  );
}

function orUsageError<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? '');
  }
}

function refuse(option: string, problem: string | undefined, value: string): void {
  if (problem !== undefined) throw new UsageError(`${option}: ${problem}, got ${JSON.stringify(value)}`);
}
