import { Yaml } from 'cdk8s';
import { Kubectl } from './kubectl';
import { STRICT, STRICT_RULES_FOR_ALL } from './strict';

/** A namespace for the cases of one `describe`, created before them and deleted after them (E2E_KEEP=1 keeps it). */
export interface Space {
  readonly kubectl: Kubectl;
  /** A test that reports the state of the pods when it fails. */
  case(name: string, act: () => Promise<void>): void;
  /** The same, as one of the cases that `npm run test:smoke` selects by name. */
  smoke(name: string, act: () => Promise<void>): void;
}

const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

export function useSpace(name: string): Space {
  const namespace = `e2e-${name}-${Math.random().toString(36).slice(2, 7)}`;
  const kubectl = new Kubectl(namespace);

  beforeAll(async () => {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: RESTRICTED } };
    await kubectl.do(['create', '--filename=-'], JSON.stringify(object));
    if (STRICT) await kubectl.apply(Yaml.stringify(...STRICT_RULES_FOR_ALL));
  });

  afterAll(async () => {
    kubectl.close();
    if (process.env.E2E_KEEP === '1') {
      process.stdout.write(`kept: namespace ${namespace}\n`);
      return;
    }
    // Deletes first what creates pods. They are killed, because no transfer of leadership is needed any more.
    await kubectl.do(['delete', 'statefulset,cronjob,job', '--all', '--cascade=orphan']);
    await kubectl.kill('--all');
    await kubectl.do(['delete', 'namespace', namespace, '--timeout=120s']);
  });

  const add: Space['case'] = (title, act) =>
    test(title, async () => {
      try {
        await act();
      } catch (error) {
        const message = (error as Error).message;
        if (!message.includes('\npod ')) process.stderr.write(`${title}:\n${await kubectl.describe()}\n`);
        throw error;
      }
    });
  return { kubectl, case: add, smoke: (title, act) => add(`${title} @smoke`, act) };
}
