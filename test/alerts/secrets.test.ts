import { EtcdTls } from '../../src';
import { SECRET_CASES } from './cases/certificates';
import { checkRules, describeRules, groups, testRule } from './promtool';

const secret = { name: 'a' };
const written = groups({ tls: EtcdTls.fromSecrets({ server: secret, peer: secret, client: secret }) });

test('each alert about certificates has a case', () => {
  const rules = written.flatMap((group) => (group.name === 'etcd-certificates' ? group.rules : []));
  expect(new Set(SECRET_CASES.map(({ alert }) => alert))).toEqual(new Set(rules.map(({ alert }) => alert)));
});

describeRules('certificates in Secrets', () => {
  test('promtool finds nothing wrong', () => {
    expect(checkRules(written)).toBe('');
  });

  test.each(SECRET_CASES.map((c) => [c.alert, c.fires ? 'fires' : 'is silent', c.when, c] as const))(
    '%s %s: %s',
    (_alert, _fires, _when, c) => {
      expect(testRule(written, c)).toBe('');
    },
  );
});
