import { posix } from 'node:path';
import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { PATH } from '../constants/names';

/** Where the library mounts volumes in the etcd container. */
const { toolbox, settings, run, tls, root, users, token } = PATH;
const MOUNTED: readonly string[] = [toolbox, settings, run, tls, root, users, token];

/** Of the node and the container runtime. A volume there, or above, keeps the container from starting. */
const SYSTEM = ['/proc', '/sys', '/dev', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];
/** Folders of these that are made to be mounted. */
const ALLOWED = ['/dev/shm', '/dev/hugepages'];

/** Mounts that would hide etcd, its data or the tools of the library. */
export function checkPaths(config: ClusterConfig, problems: Problems): void {
  if (!problems.touch('image')) checkLayout(config, problems);
  checkMounts(config, problems);
}

function checkMounts({ pod, image }: ClusterConfig, problems: Problems): void {
  const seen = new Set<string>();
  const used = [image.mountPath, image.binDirectory, ...MOUNTED];
  pod.extraVolumeMounts.forEach(({ mountPath }, i) => {
    const path = normal(mountPath);
    const at = `extraVolumeMounts[${i}].mountPath`;
    const isTwice = seen.has(path);
    seen.add(path);
    const hidden = used.find((other) => isAt(other, path));
    if (used.some((other) => isAt(path, other)))
      problems.add(at, 'is used by the library; choose another path', mountPath);
    else if (hidden !== undefined)
      problems.add(at, `would hide ${hidden}, which the library uses; mount a folder below it`, mountPath);
    else if (isTwice) problems.add(at, 'is the path of another mount; choose another path', mountPath);
    else if (isSystem(path)) problems.add(at, 'is used by the container runtime; choose another path', mountPath);
  });
}

function checkLayout({ image: { mountPath, binDirectory } }: ClusterConfig, problems: Problems): void {
  const other = MOUNTED.find((path) => meet(path, mountPath));
  if (other !== undefined)
    problems.add('image.mountPath', `overlaps ${other}, which the library uses; choose another path`, mountPath);
  else if (meet(mountPath, binDirectory))
    problems.add('image.mountPath', `overlaps the programs in ${binDirectory}; choose another path`, mountPath);
  else if (isSystem(mountPath))
    problems.add('image.mountPath', 'is used by the container runtime; choose another path', mountPath);
  if (Object.values(PATH).some((path) => isAt(binDirectory, path)))
    problems.add('image.binDirectory', 'is used by the library; choose the directory of the image', binDirectory);
}

function isSystem(path: string): boolean {
  return SYSTEM.some((system) => meet(path, system)) && !ALLOWED.some((allowed) => isAt(path, allowed));
}

function meet(a: string, b: string): boolean {
  return isAt(a, b) || isAt(b, a);
}

/** Whether a path is a folder or below it. */
function isAt(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Without empty parts, dots and a slash at the end, as the kernel resolves it. */
function normal(path: string): string {
  return posix
    .normalize(`${path}/`)
    .replace(/(.)\/$/, '$1')
    .replace(/^\/\/+/, '/');
}
