import { Duration } from 'cdk8s';
import { EtcdAlert, EtcdSnapshotStore, type EtcdMonitoring } from '../../src';
import { queriesOf } from '../support/dashboard';
import { podName, TestCluster } from './support/cluster';
import { JobRun } from './support/jobs';
import { PATIENCE } from './support/limits';
import { HAS_OPERATOR, PICKED, Prometheus } from './support/prometheus';
import { Scenario } from './support/scenario';
import { useSpace } from './support/space';
import { WITH_TLS } from './support/tls';

const NEVER = '0 0 1 1 *';
/** Ports of a member that are scraped. With TLS, members also say how long certificates are valid. */
const PORTS = WITH_TLS ? 2 : 1;
/** The table of alerts: empty while none fires. */
const FIRING = 'Overview / Firing alerts / A';

if (!HAS_OPERATOR) {
  test.skip('monitoring: skipped, since it takes E2E_PROMETHEUS=operator (see README.md)', () => undefined);
} else {
  describe('monitoring by a real Prometheus', () => {
    const space = useSpace('monitoring');
    let monitoring: EtcdMonitoring;
    let cluster: TestCluster;
    let prometheus: Prometheus;
    const dashboardQueries = () => queriesOf(JSON.parse(monitoring.dashboardJson), { rateInterval: '1m', range: '5m' });

    beforeAll(async () => {
      cluster = new TestCluster(space.kubectl, (etcd) => {
        monitoring = etcd.addMonitoring({ interval: Duration.seconds(5), labels: PICKED });
        etcd
          .addSnapshots({ store: EtcdSnapshotStore.persistentVolumeClaim({ size: '1Gi' }), schedule: NEVER })
          .addRestoreDrill({ schedule: NEVER, maximumAge: Duration.days(400) });
        etcd.addDefrag({ schedule: NEVER });
      });
      // The test does not wait ten minutes.
      const yaml = cluster.yaml().replaceAll(/for: \d+m$/gm, 'for: 10s');
      await space.kubectl.apply(yaml);
      [prometheus] = await Promise.all([Prometheus.start(space.kubectl), cluster.whole()]);
      for (const [job, cronJob] of [
        ['snapshot', 'etcd-snapshotter'],
        ['drill', 'etcd-drill'],
        ['defrag', 'etcd-defrag'],
      ] as const)
        expect(await (await JobRun.start(space.kubectl, job, cronJob)).end()).toMatchObject({ ok: true });
    });

    space.case('every member is a target that is up', async () => {
      await space.kubectl.until('the targets', PATIENCE, async () => {
        const members = (await prometheus.targets()).filter(({ pod }) => /^etcd-\d$/.test(pod));
        return members.length === 3 * PORTS && members.every(({ health }) => health === 'up');
      });
    });

    space.case('every query of the dashboard has data', async () => {
      const scenario = await Scenario.beside(cluster);
      const run = await scenario.write('run', { endpoints: cluster.memberUrls(), reads: 20 });
      // Nothing scrapes cert-manager here.
      const queries = dashboardQueries().filter(
        ({ where, expr }) => where !== FIRING && !expr.includes('certmanager_'),
      );
      expect(queries.length).toBeGreaterThan(60);
      let without: string[] = [];
      await space.kubectl
        .until('data for every query', PATIENCE, async () => {
          const counts = await Promise.all(queries.map(({ expr }) => prometheus.count(expr)));
          without = queries.filter((_, i) => counts[i] === 0).map(({ where, expr }) => `${where}: ${expr}`);
          return without.length === 0;
        })
        .catch(() => undefined);
      expect(without).toEqual([]);
      await run.stop();
    });

    space.case('every alert is a rule that can be evaluated, and none of a lost member fires', async () => {
      const rules = await space.kubectl.until('the rules', PATIENCE, async () => {
        const all = await prometheus.rules();
        return all.length > 0 && all.every(({ health }) => health === 'ok') && all;
      });
      const names = rules.map(({ name }) => name);
      const withOptions = [
        EtcdAlert.CPU_THROTTLED,
        ...(WITH_TLS ? [] : [EtcdAlert.CERTIFICATE_NOT_RENEWED, EtcdAlert.CERTIFICATE_EXPIRING, EtcdAlert.TLS_FAILING]),
        EtcdAlert.USERS_NOT_APPLIED,
      ];
      expect(Object.values(EtcdAlert).filter((name) => !names.includes(name))).toEqual(withOptions);
      for (const name of [EtcdAlert.MEMBER_DOWN, EtcdAlert.TOO_FEW_MEMBERS, EtcdAlert.NO_LEADER])
        expect(await prometheus.firing(name)).toEqual([]);
    });

    space.case('a member that is lost fires the alert, with its name', async () => {
      await space.kubectl.do(['scale', 'statefulset/etcd', '--replicas=2']);
      await space.kubectl.until('the alert', PATIENCE, async () => {
        const [alert] = await prometheus.firing(EtcdAlert.MEMBER_DOWN);
        return alert?.pod === podName(2) && alert.severity === 'warning';
      });
      expect(await prometheus.firing(EtcdAlert.TOO_FEW_MEMBERS)).toEqual([]);
      const table = dashboardQueries().find(({ where }) => where === FIRING);
      expect(await prometheus.count(table?.expr ?? '')).toBeGreaterThan(0);
    });
  });
}
