import { UsageError } from './args';

/** What a command needs from its environment. */
export interface World {
  /** Content of a file; `-` is standard input. */
  read(file: string): string;
  exists(file: string): boolean;
  /** Writes a file that does not exist yet. */
  write(file: string, text: string): void;
  out(text: string): void;
  err(text: string): void;
}

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
