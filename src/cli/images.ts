import { parseAllDocuments } from 'yaml';
import { imagesArgs, UsageError } from './args';
import { IMAGES_HELP } from './help';
import { read, type World } from './read';

/** Prints the images of manifests, to copy them to another registry. @returns the exit status */
export function images(args: string[], world: World): number {
  const files = imagesArgs(args);
  if (!files) {
    world.out(IMAGES_HELP);
    return 0;
  }
  const found = new Set(files.flatMap((file) => documentsOf(file, world)).flatMap(imagesIn));
  if (found.size === 0) throw new UsageError(`no image in ${files.join(', ')}; run cdk8s synth first`);
  world.out(
    [...found]
      .sort()
      .map((image) => `${image}\n`)
      .join(''),
  );
  return 0;
}

function documentsOf(file: string, world: World): unknown[] {
  return parseAllDocuments(read(world, file)).map((document) => {
    const [error] = document.errors;
    if (error) throw new UsageError(`cannot read ${file}: ${error.message.split('\n')[0]}`);
    return document.toJS() as unknown;
  });
}

/** Of containers in pod templates, wherever they are. */
function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    /^(initC|c)ontainers$/.test(key) && Array.isArray(part)
      ? part.flatMap((container: { readonly image?: unknown }) =>
          typeof container?.image === 'string' ? [container.image] : [],
        )
      : imagesIn(part),
  );
}
