import { podName, type TestCluster } from './cluster';
import { PATIENCE } from './limits';

const MIB = 2 ** 20;

/** Fills the database with this much and deletes half of it, which can then be reclaimed on all members. */
export async function bloat(cluster: TestCluster, mebibytes: number): Promise<void> {
  const lines = [
    `v=$(head -c 10000 /dev/zero | tr '\\0' a)`,
    'hundred() { echo; for j in $(seq 100); do echo "put big/$1/$j $v"; done; echo; echo; }',
    `for i in $(seq ${mebibytes}); do hundred $i | etcdctl --command-timeout=60s txn >/dev/null; done`,
    `for i in $(seq ${Math.round(mebibytes / 2)}); do etcdctl --command-timeout=60s del big/$i/ --prefix >/dev/null; done`,
    `revision=$(etcdctl get x --write-out=fields | sed -n 's/^"Revision" : //p')`,
    'etcdctl --command-timeout=60s compact "$revision" --physical >/dev/null',
    // Free space is reported only after a write.
    'for i in 1 2 3 4 5; do etcdctl put small "$i" >/dev/null; sleep 0.3; done',
  ];
  const { ok, stderr } = await cluster.exec(podName(0), 'sh', '-euc', lines.join('\n'));
  if (!ok) throw new Error(stderr);
  await cluster.kubectl.until('free space on all members', PATIENCE, async () => {
    await cluster.etcdctl('put', 'small', 'more');
    return (await cluster.status()).every((status) => status.dbSize - status.dbSizeInUse > (mebibytes / 4) * MIB);
  });
}
