import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../e2e/support/cluster';
import { sleep, type Live } from '../e2e/support/kubectl';

const LOOK_MILLIS = 1000;

/** Keeps the logs of all members' pods in a folder, even of deleted ones: a file for each start of a container. */
export class LogKeeper {
  private readonly followed = new Map<string, ChildProcess>();
  private stopped = false;
  private readonly looking: Promise<void>;

  public constructor(
    private readonly cluster: TestCluster,
    private readonly folder: string,
  ) {
    this.looking = this.look();
  }

  public async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
    for (const process of this.followed.values()) process.kill();
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      const pods = await this.cluster.pods().catch(() => [] as Live[]);
      for (const pod of pods) this.follow(pod);
      await sleep(LOOK_MILLIS);
    }
  }

  private follow({ metadata, status }: Live): void {
    const etcd = (status.containerStatuses ?? []).find(({ name }: Live) => name === 'etcd');
    if (!etcd?.state.running) return;
    const name = `${metadata.name}.${String(metadata.uid).slice(0, 4)}.${etcd.restartCount}.log`;
    if (this.followed.has(name)) return;
    const file = openSync(join(this.folder, name), 'w');
    const args = ['logs', '--follow', '--namespace', metadata.namespace, metadata.name, '--container=etcd'];
    this.followed.set(name, spawn('kubectl', args, { stdio: ['ignore', file, file] }));
  }
}
