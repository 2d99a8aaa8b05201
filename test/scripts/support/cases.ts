import { eventually } from './eventually';
import { describeMembers } from './machine';
import { Members } from './members';
import type { Pod } from './pod';

/** Tests that each have their own of something, which is removed after the test. */
export function describeEach<T extends { remove(): Promise<void> }>(
  name: string,
  create: () => T | Promise<T>,
  tests: (own: () => T) => void,
): void {
  describeMembers(name, () => {
    let own: T;
    beforeEach(async () => {
      own = await create();
    });
    afterEach(() => own.remove());
    tests(() => own);
  });
}

/** Tests that each have their own cluster. */
export function cluster(
  name: string,
  props: Parameters<typeof Members.create>[0],
  tests: (members: () => Members) => void,
): void {
  describeEach(name, () => Members.create(props), tests);
}

/** Tests that share a cluster, which starts with the first of them. */
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
/** Signals everything in the pod: a frozen process may have become another program. */
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
