import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EtcdAlert } from '../../src';
import { EXTENSIVE, SINCE_36, OF_ALL, OF_OTHERS } from './metrics';
import { rules, type Rule } from './promtool';

const ROOT = join(__dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'alerts.md'), 'utf8');
const all = rules();

/** Alerts about the whole cluster. All others name one member, CronJob or certificate. */
const OF_THE_CLUSTER = [
  EtcdAlert.TOO_FEW_MEMBERS,
  EtcdAlert.TWO_LEADERS,
  EtcdAlert.LEADER_CHANGES,
  EtcdAlert.VERSION_SKEW,
  EtcdAlert.NO_SPACE,
  EtcdAlert.CORRUPT,
  EtcdAlert.SNAPSHOT_OVERDUE,
  EtcdAlert.SNAPSHOT_FAILING,
  EtcdAlert.SNAPSHOT_SHRINKING,
  EtcdAlert.DRILL_OVERDUE,
  EtcdAlert.DRILL_FAILED,
  EtcdAlert.DEFRAG_FAILING,
];

/** GitHub's anchor of a heading that is one word. */
const sections = [...page.matchAll(/^## (\w+)$/gm)].map(([, name = '']) => name);
const rows = [...page.matchAll(/^\| \[(\w+)\]\(#(\w+)\) \| (\w+) \| /gm)].map(([, name, anchor, severity]) => ({
  name,
  anchor,
  severity,
}));

test('every alert has one section, in order, and every section has an alert', () => {
  expect(sections).toEqual(Object.values(EtcdAlert));
});

test('the table has every alert, with its severity and a link that works', () => {
  const expected = Object.values(EtcdAlert).map((name) => ({
    name,
    anchor: name.toLowerCase(),
    severity: all.find((rule) => rule.alert === name)?.labels.severity,
  }));
  expect(rows).toEqual(expected);
});

test('links within the page and to other pages lead to headings that exist', () => {
  for (const [, file = '', anchor = ''] of page.matchAll(/\]\(([a-z]*\.?m?d?)#([a-z-]+)\)/g)) {
    const text = file === '' ? page : readFileSync(join(ROOT, 'docs', file), 'utf8');
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toContain(anchor);
  }
});

/** The text below each heading. */
const sectionText = (heading: string): string =>
  page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

test('only one section says how to delete a claim, and it says when not to', () => {
  const parts = page.split(/^## /m);
  const deleting = parts.filter((part) => /delete[^.]*(claim|pvc)|(claim|pvc)[^.]*deleted/i.test(part));
  expect(deleting.map((part) => part.split('\n')[0])).toEqual(['Replacing a member', EtcdAlert.TOO_FEW_MEMBERS]);
  expect(sectionText(EtcdAlert.TOO_FEW_MEMBERS)).toContain('Delete no claims.');
  const how = sectionText('Replacing a member');
  expect(how.indexOf('endpoint health --cluster')).toBeGreaterThan(0);
  expect(how.indexOf('endpoint health --cluster')).toBeLessThan(how.indexOf('delete pvc'));
  expect(how).toContain('`replicas: 1`');
});

test('a stalled member is moved only while the others are healthy, and never when it is the only one', () => {
  const said = (replicas: number) =>
    rules({ replicas }).find((rule) => rule.alert === EtcdAlert.FSYNC_STALLS)?.annotations.description ?? '';
  expect(said(3)).toContain('only if all others are healthy (etcdctl endpoint health --cluster)');
  expect(said(1)).toContain('Do not delete its claim');
  expect(said(1)).not.toContain('its data from the others');
});

test('the steps out of NOSPACE defragment after they compact, and before anything is disarmed', () => {
  const text = sectionText(EtcdAlert.NO_SPACE);
  const order = [/^\d\. Delete/m, /^\d\. Compact/m, /^\d\. .*create job defrag-now/m].map((step) => text.search(step));
  expect(order.every((at) => at > 0)).toBe(true);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(text).not.toMatch(/compact[^.]*;\s*then `etcdctl alarm disarm`/);
  expect(sectionText(EtcdAlert.CORRUPT)).toContain('`etcdctl --endpoints URL snapshot save FILE`');
});

test('the README links to the page', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('(docs/alerts.md)');
});

test('names are unique', () => {
  expect(new Set(all.map((rule) => rule.alert)).size).toBe(all.length);
});

test.each(all.map((rule) => [rule.alert, rule] as const))(
  '%s says who, what and where to read on',
  (_alert, { alert, labels, annotations }: Rule) => {
    expect(labels).toEqual({
      severity: expect.stringMatching(/^(critical|warning)$/) as string,
      namespace: 'etcd-cluster',
      etcd_cluster: 'etcd',
    });
    expect(annotations.summary).toMatch(/^etcd etcd-cluster\/etcd: \S.*[^.]$/);
    expect(annotations.summary).not.toContain('$value'); // a changing label would make a new alert each time
    if (!OF_THE_CLUSTER.includes(alert as EtcdAlert))
      expect(annotations.summary).toMatch(/\{\{ \$labels\.(pod|cronjob|persistentvolumeclaim|name) \}\}/);
    expect(annotations.description).toMatch(/^[A-Z0-9{].*\.$/s);
    const [url, anchor] = annotations.runbook_url.split('#');
    expect(url).toMatch(/\/docs\/alerts\.md$/);
    expect(sections.map((name) => name.toLowerCase())).toContain(anchor);
  },
);

test('every metric exists in etcd 3.5, 3.6 and 3.7, or the page says where', () => {
  const known = [...OF_ALL, ...SINCE_36, ...EXTENSIVE, ...OF_OTHERS];
  const used = new Set(all.flatMap(({ expr }) => [...expr.matchAll(/(\w+)\{/g)].map(([, name = '']) => name)));
  expect(used.size).toBeGreaterThan(20);
  for (const name of used) expect(known).toContain(name.replace(/_bucket$/, ''));
  for (const name of [...SINCE_36, 'ETCD_METRICS=extensive', 'kube-state-metrics', 'cAdvisor', 'cert-manager'])
    expect(page).toContain(name);
});
