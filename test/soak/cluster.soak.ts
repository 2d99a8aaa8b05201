import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TestCluster } from '../e2e/support/cluster';
import { Scenario } from '../e2e/support/scenario';
import { CAN_LIMIT_VOLUMES } from '../e2e/support/small-volume';
import { useSpace } from '../e2e/support/space';
import { parseHistory } from './checks/history';
import { violations } from './checks/linearizability';
import { revisionViolations } from './checks/revisions';
import { Faults, IMPOSSIBLE } from './faults';
import { LimitedVolumes } from './limited-volumes';
import { LogKeeper } from './log-keeper';
import { addSoakDefrag, soakProps } from './props';
import { Registers } from './registers';
import { Soak } from './soak';
import { table } from './table';

const SEED = Number(process.env.SOAK_SEED);
const MINUTES = Number(process.env.SOAK_MINUTES);
const MOST_MEMBERS = 5;
/** A volume is replaced some seconds after its claim is deleted. */
const SPARE_VOLUMES = 2;
const FOLDER = resolve('test-results', `soak-${SEED}`);

describe('random faults under load', () => {
  const space = useSpace('soak');
  let volumes: LimitedVolumes | undefined;

  afterAll(() => volumes?.close()); // after the namespace

  space.case(`seed ${SEED}, ${MINUTES} minutes`, async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    if (CAN_LIMIT_VOLUMES) volumes = await LimitedVolumes.start(space.kubectl, MOST_MEMBERS + SPARE_VOLUMES);
    const cluster: TestCluster = new TestCluster(space.kubectl, (etcd) => addSoakDefrag(etcd, cluster.size));
    await cluster.apply(soakProps(volumes?.storageClassName));
    await cluster.whole();
    const logs = new LogKeeper(cluster, FOLDER);
    const endpoints = cluster.memberUrls(MOST_MEMBERS);
    const scenario = await Scenario.beside(cluster);
    const registers = await Registers.start(space.kubectl, endpoints);
    const unique = await scenario.write('unique', { endpoints, rate: 50 });

    const course = await new Soak(cluster, new Faults(cluster, volumes), FOLDER).run(SEED, MINUTES);
    const problems = course.stuck === undefined ? [] : [`not complete, ${course.stuck}`];
    const noteProblem = (error: Error) => void problems.push(error.message.split('\n')[0] ?? '');
    const stats = await unique.stop();
    const counts = await registers.stop().catch(noteProblem);
    const lost = await unique.verify().catch(noteProblem);
    const text = await registers.history();
    writeFileSync(join(FOLDER, 'history.jsonl'), text);
    const history = parseHistory(text);
    problems.push(...violations(history), ...revisionViolations(history));
    if (lost && lost.lost > 0) problems.push(`${lost.lost} acknowledged writes are lost: ${lost.examples.join(', ')}`);
    if (course.stuck === undefined) await cluster.agreed().catch(noteProblem);
    await logs.stop();

    const printed = table({ seed: SEED, course, impossible: IMPOSSIBLE, counts, stats, lost, problems });
    process.stdout.write(`\n${printed}\n`);
    writeFileSync(join(FOLDER, 'table.txt'), printed);
    expect(problems).toEqual([]);
  });
});
