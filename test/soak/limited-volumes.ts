import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, sleep, type Kubectl, type Live } from '../e2e/support/kubectl';

const MEBIBYTES = 1024;
const LOOK_MILLIS = 1000;

/** Allocates the rest of a file system, in smaller and smaller pieces, without writing. */
const FILL = `
at=0
for size in 268435456 16777216 1048576 65536 4096; do
  while fallocate --offset $at --length $size filler 2>/dev/null; do at=$((at + size)); done
done`;

interface Volume {
  readonly folder: string;
  readonly image: string;
}

/**
 * Volumes with their own file systems for the claims of a class, so that one can be full. A volume whose claim was deleted
 * is replaced by an empty one. Needs what E2E_VOLUMES=host says (support/small-volume.ts).
 */
export class LimitedVolumes {
  public static async start(kubectl: Kubectl, count: number): Promise<LimitedVolumes> {
    const volumes = new LimitedVolumes(kubectl);
    for (let i = 0; i < count; i++) await volumes.add();
    volumes.replacing = volumes.replace();
    return volumes;
  }

  private readonly volumes = new Map<string, Volume>();
  private readonly parent = mkdtempSync(join(tmpdir(), 'soak-'));
  private replacing: Promise<void> = Promise.resolve();
  private closed = false;
  private made = 0;

  private constructor(private readonly kubectl: Kubectl) {}

  public get storageClassName(): string {
    return this.kubectl.namespace;
  }

  /** Fills the volume of a claim during `act`. */
  public async whileFull(claim: string, act: () => Promise<void>): Promise<void> {
    const { spec } = await this.kubectl.get('persistentvolumeclaim', claim);
    const volume = this.volumes.get(spec.volumeName as string);
    if (!volume) throw new Error(`the claim ${claim} has none of these volumes`);
    try {
      await must('sh', '-euc', `cd ${volume.folder}; ${FILL}`);
      await act();
    } finally {
      rmSync(join(volume.folder, 'filler'), { force: true });
    }
  }

  /** Removes the volumes, when nothing uses them any more. */
  public async close(): Promise<void> {
    this.closed = true;
    await this.replacing;
    for (const name of [...this.volumes.keys()]) await this.remove(name);
    rmSync(this.parent, { recursive: true });
  }

  private async replace(): Promise<void> {
    while (!this.closed) {
      await sleep(LOOK_MILLIS);
      const all = await this.kubectl.list('persistentvolumes').catch(() => [] as Live[]);
      for (const { metadata, status } of all) {
        if (status.phase !== 'Released' || !this.volumes.has(metadata.name as string)) continue;
        await this.remove(metadata.name as string);
        await this.add();
      }
    }
  }

  private async add(): Promise<void> {
    const name = `${this.kubectl.namespace}-${this.made++}`;
    const image = join(this.parent, `${name}.img`);
    const folder = join(this.parent, name);
    await must('mkdir', folder);
    await must('truncate', '--size', `${MEBIBYTES}M`, image);
    await must('mkfs.ext4', '-q', '-m', '0', image);
    await must('mount', '-o', 'loop', image, folder);
    this.volumes.set(name, { folder, image });
    await must('chmod', '0777', folder);
    await this.kubectl.apply(JSON.stringify(persistentVolume(name, this.storageClassName, folder)));
  }

  private async remove(name: string): Promise<void> {
    const { folder, image } = this.volumes.get(name) as Volume;
    this.volumes.delete(name);
    await this.kubectl.do(['delete', 'persistentvolume', name, '--wait=false']);
    await must('umount', '--lazy', folder); // a stopping pod may still use it
    rmSync(folder, { recursive: true });
    rmSync(image);
  }
}

function persistentVolume(name: string, storageClassName: string, path: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      storageClassName,
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: `${MEBIBYTES}Mi` },
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path, type: 'Directory' },
    },
  };
}
