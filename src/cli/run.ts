import { FileError, UsageError } from './args';
import { fromBitnami } from './from-bitnami';
import { HELP } from './help';
import { images } from './images';
import type { World } from './read';

/** @returns the exit status */
export function run(args: string[], world: World, version: string): number {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case 'from-bitnami':
        return fromBitnami(rest, world);
      case 'images':
        return images(rest, world);
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
    const known = command === 'from-bitnami' || command === 'images';
    const help = known ? `cdk8s-etcd ${command} --help` : 'cdk8s-etcd --help';
    world.err(`cdk8s-etcd: ${error.message}\nSee ${help}\n`);
    return 2;
  }
}
