import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, type Kubectl } from './kubectl';

/** Whether nodes see folders of this machine, and file systems may be mounted in it: E2E_VOLUMES=host says so. */
export const CAN_LIMIT_VOLUMES = process.env.E2E_VOLUMES === 'host';

/** Provides, during `act`, a bound claim on a file system of this many MiB. */
export async function withSmallVolume(
  kubectl: Kubectl,
  name: string,
  mebibytes: number,
  act: () => Promise<void>,
): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'e2e-'));
  const volume = `${kubectl.namespace}-${name}`;
  const capacity = { storage: `${mebibytes}Mi` };
  const common = { accessModes: ['ReadWriteMany'], storageClassName: volume };
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: {
        ...common,
        capacity,
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path, type: 'Directory' },
        claimRef: { namespace: kubectl.namespace, name },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: kubectl.namespace },
      spec: { ...common, volumeName: volume, resources: { requests: capacity } },
    },
  ];
  await must('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0777`, 'e2e', path);
  try {
    await kubectl.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    await act();
  } finally {
    await kubectl.do(['delete', 'persistentvolume', volume, '--wait=false']);
    await must('umount', '--lazy', path); // pods may still have it
    rmdirSync(path);
  }
}
