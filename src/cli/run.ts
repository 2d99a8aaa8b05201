import { FileError, UsageError } from './args';
import { fromBitnami } from './from-bitnami';
import { HELP } from './help';
import { images } from './images';
import type { World } from './read';

/** Each has a help of its own. */
const COMMANDS = new Map([
  ['from-bitnami', fromBitnami],
  ['images', images],
]);

/** @returns the exit status */
export function run(args: string[], world: World, version: string): number {
  const [command, ...rest] = args;
  const act = COMMANDS.get(command ?? '');
  try {
    if (act) return act(rest, world);
    switch (command) {
      case '-h':
      case '--help':
      case 'help':
        world.out(HELP);
        return 0;
      case '--version':
        world.out(`${version}\n`);
        return 0;
      case undefined:
        throw new UsageError('expected a command');
      default:
        throw new UsageError(`unknown ${command.startsWith('-') ? 'option' : 'command'} ${command}`);
    }
  } catch (error) {
    if (error instanceof FileError) {
      world.err(`cdk8s-etcd: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof UsageError)) throw error;
    const help = act ? `cdk8s-etcd ${command} --help` : 'cdk8s-etcd --help';
    world.err(`cdk8s-etcd: ${error.message}\nSee ${help}\n`);
    return 2;
  }
}
