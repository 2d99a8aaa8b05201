import type { Kubectl, Live } from './kubectl';
import { PATIENCE } from './limits';

/** A run of a CronJob by hand, as in the docs: `kubectl create job NAME --from=cronjob/CRONJOB`. */
export class JobRun {
  public static async start(kubectl: Kubectl, name: string, cronJob: string): Promise<JobRun> {
    await kubectl.do(['create', 'job', name, `--from=cronjob/${cronJob}`]);
    return new JobRun(kubectl, name);
  }

  public constructor(
    private readonly kubectl: Kubectl,
    public readonly name: string,
  ) {}

  public pods(): Promise<Live[]> {
    return this.kubectl.look('pods', `batch.kubernetes.io/job-name=${this.name}`);
  }

  /** Waits for its end, and returns whether it succeeded and what it logged. */
  public async end(limit = PATIENCE): Promise<{ readonly ok: boolean; readonly log: string }> {
    const ok = await this.kubectl.until(`the end of job ${this.name}`, limit, async () => {
      const { status } = await this.kubectl.get('job', this.name);
      const is = (type: string) => status.conditions?.some((c: Live) => c.type === type && c.status === 'True');
      return is('Complete') ? 'complete' : is('Failed') && 'failed';
    });
    return { ok: ok === 'complete', log: await this.log() };
  }

  /** The logs of its pods, the newest pod last. */
  public async log(): Promise<string> {
    const pods = (await this.pods()).sort((a, b) =>
      String(a.metadata.creationTimestamp).localeCompare(String(b.metadata.creationTimestamp)),
    );
    const logs = await Promise.all(
      pods.map((pod) => this.kubectl.logs(pod.metadata.name as string, pod.spec.containers[0].name as string)),
    );
    return logs.join('\n');
  }

  public async delete(): Promise<void> {
    await this.kubectl.do(['delete', 'job', this.name, '--cascade=foreground', '--timeout=60s']);
  }
}

/** A pod with a shell and a mounted claim, for tests that read and damage its files. */
export class Shelf {
  public static async open(kubectl: Kubectl, claimName: string): Promise<Shelf> {
    const name = `shelf-${claimName}`;
    await kubectl.apply(JSON.stringify(pod(name, claimName)));
    await kubectl.do(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=120s']);
    return new Shelf(kubectl, name);
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly name: string,
  ) {}

  /** Runs a few lines of shell in the claim; throws unless they succeed. */
  public async sh(lines: string): Promise<string> {
    const { ok, stdout, stderr } = await this.kubectl.exec(this.name, 'shelf', [
      'sh',
      '-euc',
      `cd /snapshots; ${lines}`,
    ]);
    if (!ok) throw new Error(`${lines}: ${stderr}`);
    return stdout.trim();
  }

  /** The same as a command for a shell, for use in a pipe. */
  public command(line: string): string {
    return `kubectl -n ${this.kubectl.namespace} exec -i ${this.name} -- sh -c 'cd /snapshots; ${line}'`;
  }

  public async close(): Promise<void> {
    await this.kubectl.do(['delete', 'pod', this.name, '--timeout=60s']);
  }

  /** Names of everything in the claim. */
  public async list(): Promise<string[]> {
    return (await this.sh('ls -A')).split('\n').filter((name) => name !== '' && name !== '.lock');
  }

  /** Names of snapshots, verified or not. */
  public async snapshots(): Promise<string[]> {
    return (await this.list()).filter((name) => /^db-[\d_-]+$/.test(name));
  }
}

function pod(name: string, claimName: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'shelf' } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1001,
        fsGroup: 1001,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'shelf',
          image: 'docker.io/library/busybox:1.37.0-musl',
          command: ['sleep', '86400'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'claim', mountPath: '/snapshots' }],
        },
      ],
      volumes: [{ name: 'claim', persistentVolumeClaim: { claimName } }],
    },
  };
}
