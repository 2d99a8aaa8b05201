import { UsageError } from './args';
import type { World } from './from-bitnami';

export function read(world: World, file: string): string {
  try {
    return world.read(file);
  } catch (error) {
    throw new UsageError(`cannot read ${nameOf(file)}: ${(error as Error).message}`);
  }
}

export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}
