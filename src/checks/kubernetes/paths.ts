/** Paths in volumes and containers. */

/** A path below the root of a volume. */
export function relativePathProblem(v: string): string | undefined {
  return v !== '' && !v.startsWith('/') && !v.split('/').includes('..')
    ? undefined
    : 'expected a relative path without ".."';
}

/** The path of a file that the kubelet writes. It keeps names that start with `..` for itself. */
export function filePathProblem(v: string): string | undefined {
  return v.startsWith('..') ? 'expected a relative path without ".."' : relativePathProblem(v);
}

export function absolutePathProblem(v: string): string | undefined {
  return v.startsWith('/') && !v.split('/').includes('..') ? undefined : 'expected an absolute path without ".."';
}

/** A colon separates the parts of a mount for container runtimes. */
export function mountPathProblem(v: string): string | undefined {
  return v.includes(':') ? 'expected a path without ":"' : absolutePathProblem(v);
}
