import { EtcdAlert } from '../../src';
import { CERTIFICATE_CASES } from './cases/certificates';
import { DISK_CASES } from './cases/disk';
import { JOB_CASES } from './cases/jobs';
import { MEMBER_CASES } from './cases/members';
import { REQUEST_CASES } from './cases/requests';
import { SPACE_CASES } from './cases/space';
import { USER_CASES } from './cases/users';
import { VOLUME_CASES } from './cases/volumes';
import { HEALTHY } from './cases/healthy';
import { checkRules, describeRules, groups, testRule, testSilence, withJobs, type Case } from './promtool';

/** The cases of each group of rules. */
const CASES: { readonly [group: string]: readonly Case[] } = {
  'etcd-members': MEMBER_CASES,
  'etcd-disk': DISK_CASES,
  'etcd-requests': REQUEST_CASES,
  'etcd-space': SPACE_CASES,
  'etcd-volumes': VOLUME_CASES,
  'etcd-jobs': JOB_CASES,
  'etcd-certificates': CERTIFICATE_CASES,
  'etcd-users': USER_CASES,
};

const written = groups();

test.each(written.flatMap(({ name, rules }) => rules.map(({ alert }) => [name, alert])))(
  '%s: %s has a case in which it fires, and one in which it does not',
  (group, alert) => {
    const cases = (CASES[group] ?? []).filter((c) => c.alert === alert);
    expect(new Set(cases.map((c) => c.fires !== undefined))).toEqual(new Set([true, false]));
  },
);

test('every alert is written for a cluster that has everything', () => {
  const names = written.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect([...names].sort()).toEqual(Object.values(EtcdAlert).sort());
});

describeRules('promtool', () => {
  test.each([
    ['three members and all jobs', {}, withJobs],
    ['one member', { replicas: 1 }, withJobs],
    ['nine members with another name', { replicas: 9, namespace: 'a-b' }, withJobs],
    ['no jobs', {}, (c) => c.addMonitoring()],
    [
      'own labels',
      {},
      (c) => c.addMonitoring({ alerts: { labels: { team: 'a "b" \\c' }, seriesLabels: { cluster: 'a "b" \\c }d{' } } }),
    ],
  ] as [string, Parameters<typeof groups>[0], NonNullable<Parameters<typeof groups>[1]>][])(
    'finds nothing wrong: %s',
    (_name, props, more) => {
      expect(checkRules(groups(props, more))).toBe('');
    },
  );

  test('a busy, healthy cluster has no alert, even while it is restarted', () => {
    for (const at of ['30m', '70m', '170m']) expect(testSilence(written, HEALTHY, at)).toBe('');
  });

  describe.each(Object.entries(CASES))('%s', (group, cases) => {
    const rules = written.filter(({ name }) => name === group);
    test.each(cases.map((c) => [c.alert, c.fires ? 'fires' : 'is silent', c.when, c] as const))(
      '%s %s: %s',
      (_alert, _fires, _when, c) => {
        expect(testRule(rules, c)).toBe('');
      },
    );
  });
});
