import { EtcdAlert } from '../../../src';
import { flat, members, state, type Case, type Series } from '../promtool';

const LONG = 2000;
const CREATED = 'kube_cronjob_created';
const SUCCESS = 'kube_cronjob_status_last_successful_time';

/** A CronJob created at second 0, with its last success at this second, or never. */
function ran(cronjob: string, success?: number): Series {
  return {
    [state(CREATED, { cronjob })]: flat(0, LONG),
    ...(success === undefined ? {} : { [state(SUCCESS, { cronjob })]: flat(success, LONG) }),
  };
}

/** A Job of this CronJob that started at this second. */
function job(owner: string, name: string, started: number, failed: boolean): Series {
  return {
    [state('kube_job_owner', { job_name: name, owner_kind: 'CronJob', owner_name: owner })]: flat(1),
    [state('kube_job_status_start_time', { job_name: name })]: flat(started),
    ...(failed ? { [state('kube_job_failed', { job_name: name, condition: 'true' })]: flat(1) } : {}),
    [state('kube_job_failed', { job_name: name, condition: 'false' })]: flat(0),
  };
}

function failing(alert: EtcdAlert, cronJob: string): Case[] {
  return [
    {
      alert,
      when: 'the newest Job failed',
      series: { ...ran(cronJob, 1800), ...job(cronJob, 'made-by-hand', 3600, true) },
      at: '61m',
      fires: [{}],
    },
    {
      alert,
      when: 'the first Job failed, and none ever succeeded',
      series: { ...ran(cronJob), ...job(cronJob, `${cronJob}-29000000`, 60, true) },
      at: '5m',
      fires: [{}],
    },
    {
      alert,
      when: 'a Job failed, and a later one succeeded',
      series: { ...ran(cronJob, 3700), ...job(cronJob, `${cronJob}-29000000`, 3600, true) },
      at: '65m',
    },
    {
      alert,
      when: 'the newest Job runs, and another CronJob’s failed',
      series: {
        ...ran(cronJob, 1800),
        ...job(cronJob, `${cronJob}-29000000`, 3600, false),
        ...job(`${cronJob}-2`, `${cronJob}-2-29000000`, 3600, true),
      },
      at: '65m',
    },
  ];
}

const keys = (values: string): Series => members('etcd_debugging_mvcc_keys_total', [values, values, '0+0x300']);
const suspended = (cronjob: string, value: number): Series => ({
  [state('kube_cronjob_spec_suspend', { cronjob })]: flat(value),
});
const created = (...names: string[]): Series => Object.assign({}, ...names.map((name) => ran(name))) as Series;

export const JOB_CASES: Case[] = [
  // Every 30 minutes, up to 10 minutes late and 20 minutes long.
  {
    alert: EtcdAlert.SNAPSHOT_OVERDUE,
    when: 'the last success was an hour ago, and 5 minutes',
    series: ran('etcd-snapshotter', 600),
    at: '76m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.SNAPSHOT_OVERDUE,
    when: 'none succeeded for an hour since the CronJob was made',
    series: ran('etcd-snapshotter'),
    at: '66m',
    fires: [{}],
  },
  { alert: EtcdAlert.SNAPSHOT_OVERDUE, when: 'one run was missed', series: ran('etcd-snapshotter', 600), at: '70m' },
  { alert: EtcdAlert.SNAPSHOT_OVERDUE, when: 'the CronJob is new', series: ran('etcd-snapshotter'), at: '60m' },
  ...failing(EtcdAlert.SNAPSHOT_FAILING, 'etcd-snapshotter'),
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'two thirds of the keys are gone',
    series: keys('900+0x30 300+0x300'),
    at: '40m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'they have been gone for a turn and both deadlines',
    series: keys('900+0x30 300+0x300'),
    at: '115m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'the snapshots have had two turns without them',
    series: keys('900+0x30 300+0x300'),
    at: '130m',
  },
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'a third of the keys is gone',
    series: keys('900+0x30 600+0x300'),
    at: '40m',
  },
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'of three keys two are gone',
    series: keys('3+0x30 1+0x300'),
    at: '40m',
  },
  {
    alert: EtcdAlert.SNAPSHOT_SHRINKING,
    when: 'of 100 keys 51 are gone',
    series: keys('100+0x30 49+0x300'),
    at: '40m',
    fires: [{}],
  },
  { alert: EtcdAlert.SNAPSHOT_SHRINKING, when: 'there are no keys at all', series: keys(flat(0)), at: '60m' },
  // Every day, up to 10 minutes late and an hour long.
  {
    alert: EtcdAlert.DRILL_OVERDUE,
    when: 'the last success was more than a day and 70 minutes ago',
    series: ran('etcd-drill', 0),
    at: '1516m',
    fires: [{}],
  },
  { alert: EtcdAlert.DRILL_OVERDUE, when: 'the last one was long', series: ran('etcd-drill', 0), at: '1510m' },
  ...failing(EtcdAlert.DRILL_FAILED, 'etcd-drill'),
  ...failing(EtcdAlert.DEFRAG_FAILING, 'etcd-defrag'),
  {
    alert: EtcdAlert.JOB_SUSPENDED,
    when: 'the drill was suspended by hand',
    series: { ...suspended('etcd-drill', 1), ...suspended('etcd-snapshotter', 0) },
    at: '60m',
    fires: [{ cronjob: 'etcd-drill' }],
  },
  { alert: EtcdAlert.JOB_SUSPENDED, when: 'for less than an hour', series: suspended('etcd-drill', 1), at: '59m' },
  { alert: EtcdAlert.JOB_SUSPENDED, when: 'another CronJob is', series: suspended('etcd-drill-2', 1), at: '90m' },
  {
    alert: EtcdAlert.JOB_UNWATCHED,
    when: 'one of three is gone',
    series: created('etcd-snapshotter', 'etcd-defrag'),
    at: '15m',
    fires: [{ cronjob: 'etcd-drill' }],
  },
  {
    alert: EtcdAlert.JOB_UNWATCHED,
    when: 'there is no kube-state-metrics',
    series: { unrelated: flat(1) },
    at: '15m',
    fires: [{ cronjob: 'etcd-snapshotter' }, { cronjob: 'etcd-drill' }, { cronjob: 'etcd-defrag' }],
  },
  {
    alert: EtcdAlert.JOB_UNWATCHED,
    when: 'all three are there',
    series: created('etcd-snapshotter', 'etcd-drill', 'etcd-defrag'),
    at: '60m',
  },
];
