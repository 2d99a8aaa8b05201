import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCluster } from './cluster';
import { run, sleep, type Kubectl } from './kubectl';
import { PATIENCE } from './limits';

/** Opens every pod of the namespace to all, as in a cluster that enforces no NetworkPolicies. */
export async function allowAll(kubectl: Kubectl): Promise<void> {
  await kubectl.apply(
    JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'all' },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    }),
  );
}

/** What Kustomize makes of manifests with these fields of a kustomization. */
export async function kustomize(yaml: string, fields: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-'));
  try {
    writeFileSync(join(folder, 'etcd.yaml'), yaml);
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify({ resources: ['etcd.yaml'], ...fields }));
    const { ok, stdout, stderr } = await run('kubectl', ['kustomize', folder]);
    if (!ok) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Checks once a second that the member list does not change. */
export async function expectSameMembers(clusters: readonly TestCluster[], millis: number): Promise<void> {
  const before = await Promise.all(clusters.map((cluster) => cluster.list()));
  for (const end = Date.now() + millis; Date.now() < end;) {
    await sleep(1000);
    expect(await Promise.all(clusters.map((cluster) => cluster.list()))).toEqual(before);
  }
}

/** Waits until a pod refuses to start, and returns its phase. It must not have asked any other pod. */
export async function refusal(kubectl: Kubectl, pod: string): Promise<string> {
  const sh = (command: string) => kubectl.exec(pod, 'etcd', ['sh', '-c', command]);
  const phase = await kubectl.until(`${pod} to refuse`, PATIENCE, async () => {
    const { stdout } = await sh('cat /run/etcd/public/phase');
    return stdout.startsWith('refusing ') && (stdout.split('\n')[0] ?? '');
  });
  expect((await sh('ls -d /run/etcd/answers.*')).stdout).toBe('');
  return phase;
}

/** Whether a pod can read another pod's phase. Without that, a test of a copy would show nothing. */
export async function expectReached(kubectl: Kubectl, pod: string, host: string): Promise<void> {
  const { stdout } = await kubectl.exec(pod, 'etcd', ['wget', '-q', '-T', '5', '-O', '-', `http://${host}:2382/phase`]);
  expect(stdout).toMatch(/^member /);
}
