import { EtcdSnapshotStore } from '../../src';
import { SINCE_36 } from '../alerts/metrics';
import { synthCluster } from '../support/synth';
import { eventually } from './support/eventually';
import { describeMembers } from './support/machine';
import { Members } from './support/members';

const EXTENSIVE = { extraArgs: ['--metrics=extensive'] };

/** The metrics of etcd that the alerts and the dashboard use. */
function askedFor(): string[] {
  const objects = synthCluster(EXTENSIVE, (etcd) => {
    etcd.addSnapshots({ store: EtcdSnapshotStore.existingClaim('claim') });
    etcd.addMonitoring();
  });
  const text = JSON.stringify(objects.filter(({ kind, metadata }) => /Rule$|-dashboard$/.test(kind + metadata.name)));
  return [...new Set([...text.matchAll(/\b((?:etcd|grpc)_\w+)\{/g)].map(([, name = '']) => name))];
}

describeMembers('etcd on the PATH', () => {
  let members: Members;
  beforeAll(async () => {
    members = await Members.create(EXTENSIVE);
    await members.start();
    await members.whole();
  });
  afterAll(() => members.remove());

  test('has every metric of the alerts and the dashboard', async () => {
    const [pod] = members.pods;
    await pod?.put('key', 'value');
    // A metric that exists only while an alarm is on.
    const asked = askedFor().filter((name) => !SINCE_36.includes(name));
    expect(asked.length).toBeGreaterThan(40);
    const missing = async (): Promise<string[]> => {
      const exposed = (await pod?.exec('wget', '-q', '-O', '-', 'http://127.0.0.1:2381/metrics'))?.stdout ?? '';
      const names = new Set(exposed.split('\n').map((line) => line.split(/[{ ]/)[0]));
      return asked.filter((name) => !names.has(name));
    };
    let left: string[] = [];
    // Members measure their round trips every 30 s.
    await eventually(
      'all are there',
      async () => (left = await missing()).length === 0,
      60,
      () => left.join(),
    );
  });
});
