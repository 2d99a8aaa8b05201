import { Duration } from 'cdk8s';
import { EtcdAlert } from '../../src';
import { describeRules, groups, members, testRule, type Case } from './promtool';

/** The longest interval that is accepted. Members are scraped at even and at odd minutes. */
const written = groups({}, (c) => c.addMonitoring({ interval: Duration.minutes(2) }));

const LEADER = 'etcd_server_is_leader';
const rest = (even: number): string => Array.from({ length: 15 }, () => `${even} _`).join(' ');
const odd = (value: number): string => `_ ${rest(value)}`;

const CASES: readonly Case[] = [
  {
    alert: EtcdAlert.TWO_LEADERS,
    when: 'the leadership goes to and fro between scrapes',
    series: members(LEADER, [`1 _ 1 _ 1 _ ${rest(0)}`, `_ 0 _ 1 _ 1 _ 1 ${odd(1)}`, rest(0)]),
    at: '5m',
  },
  {
    alert: EtcdAlert.TWO_LEADERS,
    when: 'there are two',
    series: members(LEADER, [rest(1), odd(1)]),
    at: '10m',
    fires: [{}],
  },
  {
    alert: EtcdAlert.NO_LEADER,
    when: 'one scrape falls into an election',
    series: members('etcd_server_has_leader', [`1 _ 0 _ ${rest(1)}`, odd(1), odd(1)]),
    at: '3m',
  },
  {
    alert: EtcdAlert.TOO_FEW_MEMBERS,
    when: 'one scrape of two members fails',
    series: members('up', [`1 _ 0 _ ${rest(1)}`, `_ 1 _ 0 _ ${odd(1).slice(2)}`, rest(1)]),
    at: '5m',
  },
];

describeRules('scraped every 2 minutes', () => {
  test.each(CASES.map((c) => [c.alert, c.fires ? 'fires' : 'is silent', c.when, c] as const))(
    '%s %s: %s',
    (_alert, _fires, _when, c) => {
      expect(testRule(written, c)).toBe('');
    },
  );
});

test('no range holds fewer than two scrapes', () => {
  expect(written.length).toBeGreaterThan(0);
  for (const { expr } of written.flatMap(({ rules }) => rules))
    for (const [, minutes] of expr.matchAll(/\[(\d+)m\]/g)) expect(Number(minutes)).toBeGreaterThanOrEqual(4);
});
