import { eventually } from './eventually';
import { describeMembers } from './machine';
import { Members } from './members';
import type { Pod } from './pod';

/** Tests that each have a cluster of their own. */
export function cluster(
  name: string,
  props: Parameters<typeof Members.create>[0],
  tests: (members: () => Members) => void,
): void {
  describeMembers(name, () => {
    let members: Members;
    beforeEach(async () => {
      members = await Members.create(props);
    });
    afterEach(() => members.remove());
    tests(() => members);
  });
}

/** Tests that share a cluster, which runs from the first of them on. */
export function runningCluster(
  name: string,
  props: Parameters<typeof Members.create>[0],
  tests: (members: () => Members) => void,
): void {
  describeMembers(name, () => {
    let members: Members;
    beforeAll(async () => {
      members = await Members.create(props);
      await members.start();
      await members.whole();
    });
    afterAll(() => members.remove());
    tests(() => members);
  });
}

export const freeze = async (pod: Pod, script: string): Promise<void> =>
  eventually(`${script} runs`, async () => (await pod.exec('pkill', '-STOP', '-f', script)).status === 0, 20);
/** Everything in the pod: what was frozen may have become another program since. */
export const thaw = async (pod: Pod): Promise<unknown> => pod.exec('pkill', '-CONT', '.');

export async function started(members: Members): Promise<[Pod, Pod, Pod]> {
  await members.start();
  await members.whole();
  const [first, second, third] = members.pods;
  if (!first || !second || !third) throw new Error('three members are needed');
  await first.put('key', 'acknowledged');
  return [first, second, third];
}

export async function values(members: Members): Promise<string[]> {
  return Promise.all(members.pods.map((pod) => pod.get('key')));
}
