import { cronProblem } from '../../src/grammar/cron';
import { goDurationSeconds } from '../../src/grammar/go-duration';
import { imageReferenceProblem, imageRegistryProblem, parseImageReference } from '../../src/grammar/image-reference';
import { annotationKeyProblem, labelKeyProblem, labelValueProblem } from '../../src/grammar/labels';
import * as names from '../../src/grammar/names';
import { parseQuantity, quantityBytes, quantityProblem } from '../../src/grammar/quantity';
import { timeZoneProblem } from '../../src/grammar/time-zone';
import { yamlHazard, yamlKeyHazard } from '../../src/grammar/yaml-hazard';

type Check = (v: string) => string | undefined;

function accepts(check: Check, values: string[]): void {
  test.each(values.map((value) => [value]))('accepts %j', (value) => {
    expect(check(value)).toBeUndefined();
  });
}

function refuses(check: Check, text: RegExp, values: string[]): void {
  test.each(values.map((value) => [value]))(`refuses %j: ${text.source}`, (value) => {
    const problem = check(value) ?? 'accepted';
    expect(problem).toMatch(text);
    expect(problem).toMatch(/^expected .*[^.]$/);
  });
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const a = (count: number): string => 'a'.repeat(count);

describe('quantityProblem', () => {
  accepts(quantityProblem, ['8Gi', '8G', '500m', '1.5Gi', '0.5', '.5', '5.', '+1', '1e3', '1E3', '1E', '1e-3', '1k']);
  accepts(quantityProblem, ['1n', '1500u', '1Ki', '1Mi', '1Ti', '1Pi', '7Ei', '9223372036854775807', '1e-400']);
  refuses(quantityProblem, /a Kubernetes quantity such as 8Gi, 500m or 1\.5Gi \(case matters, no space\)/, [
    ...['', '.', '+', 'Gi', '8gi', '8GiB', '8 Gi', ' 8Gi', '8Gi\n', 'banana', '1K', '1ki', '1e', '1e1.5'],
    ...['1e3Gi', '1_0'],
  ]);
  refuses(quantityProblem, /greater than zero/, ['0', '-0', '0Gi', '0.0e5', '-1Gi', '-1n']);
  refuses(quantityProblem, /below 8Ei/, ['8Ei', '10E', '9223372036854775808', '1e400', '1e99999999999']);
});

describe('parseQuantity', () => {
  test.each<[string, bigint, number]>([
    ['8Gi', 8_589_934_592_000n, 8_589_934_592],
    ['1.5Gi', 1_610_612_736_000n, 1_610_612_736],
    ['8G', 8_000_000_000_000n, 8_000_000_000],
    ['500m', 500n, 1],
    ['1n', 1n, 1],
    ['1500u', 2n, 1],
    ['1e3', 1_000_000n, 1000],
    ['25e-1', 2500n, 3],
    ['1E', 10n ** 21n, 10 ** 18],
    ['0.1Ki', 102_400n, 103],
    ['-1.5', -1500n, -1],
  ])('%s is %d thousandths and %d bytes', (value, milli, bytes) => {
    expect(parseQuantity(value)).toBe(milli);
    expect(quantityBytes(value)).toBe(bytes);
  });

  test('throws on what is not a quantity', () => {
    expect(() => parseQuantity('8gi')).toThrow(/expected a Kubernetes quantity/);
  });
});

describe('cronProblem', () => {
  accepts(cronProblem, ['* * * * *', '? ? ? ? ?', '0 3 * * *', ' 0\t3 * * * ', '5/15 * * * *', '0-59/100 * * * *']);
  accepts(cronProblem, ['0 0 1 JAN mon', '0 0 1 jan-Mar SUN,mon-FRI', '0 0 * * 0-6', '1,,2 * * * *', '+5 05 * * *']);
  accepts(cronProblem, ['@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually']);
  accepts(cronProblem, ['@every 30m', '@every 1h30m', '@every 1.5h', '@every .5m', '@every +1500ms']);
  accepts(cronProblem, ['0 0 29 2 *', '0 0 31 2,3 *', '0 0 31 2 1', '0 0 31 2 */2']);
  refuses(cronProblem, /five cron fields \(minute hour/, ['', ' ', '* * *', '0 0 * * * *', '@Daily', '@daily ']);
  refuses(cronProblem, /five cron fields \(minute hour/, [' @daily', '@constructor', '@']);
  refuses(cronProblem, /refuses @reboot; use @hourly/, ['@reboot']);
  refuses(cronProblem, /; use timeZone$/, ['TZ=UTC 0 0 * * *', 'CRON_TZ=UTC 0 0 * * *', 'TZ=UTC', '0 0 * * TZ']);
  refuses(cronProblem, /a Go duration of at least 1s/, ['@every', '@every ', '@every  30m', '@every 1d', '@every 0s']);
  refuses(cronProblem, /a Go duration of at least 1s/, ['@every -5m', '@every 999ms', '@every 30', '@every 9000000h']);
  refuses(cronProblem, /field minute numbers 0 to 59, as/, ['60 * * * *', '*/0 * * * *', '5-1 * * * *']);
  refuses(cronProblem, /field minute/, ['1-2-3 * * * *', '*/2/3 * * * *', 'x * * * *', '*/-5 * * * *', '-1 * * * *']);
  refuses(cronProblem, /field minute/, ['1. * * * *', '*-5 * * * *', '99999999999999999999 * * * *', 'JAN * * * *']);
  refuses(cronProblem, /field hour numbers 0 to 23, as/, ['0 24 * * *', '0 1-24 * * *']);
  refuses(cronProblem, /field day of month numbers 1 to 31, as/, ['0 0 0 * *', '0 0 32 * *', '0 0 L * *']);
  refuses(cronProblem, /field month numbers 1 to 12 or jan to dec, as/, ['0 0 * 13 *', '0 0 * 0 *', '0 0 * mon *']);
  refuses(cronProblem, /field day of week numbers 0 to 6 or sun to sat, .*; for Sunday use 0$/, [
    ...['0 3 * * 7', '0 0 * * 1#2', '0 0 * * sun-7', '0 0 * * 1/mon', '0 0 * * fri-mon'],
  ]);
  refuses(cronProblem, /runs at least once, but the day does not exist/, ['0 0 31 2 *', '0 0 30 2 ?', '0 0 31 2 */1']);
  refuses(cronProblem, /runs at least once, but the day does not exist/, ['0 0 31 4,6,9,11 *', '* * 30-31 FEB *']);
  refuses(cronProblem, /a value in each of the five cron fields/, [', * * * *', '* * , * *', '* * * * ,,']);
});

describe('goDurationSeconds', () => {
  test.each<[string, number | undefined]>([
    ['0', 0],
    ['90s', 90],
    ['1h1m1s', 3661],
    ['1.5h', 5400],
    ['.5m', 30],
    ['1.s', 1],
    ['1999ms', 1],
    ['1000000us', 1],
    ['1000000µs', 1],
    ['1000000μs', 1],
    ['1000000000ns', 1],
    ['-1m', -60],
    ['2562047h', 9_223_369_200],
    ['2562048h', undefined],
    ['', undefined],
    ['5', undefined],
    ['.s', undefined],
    ['1d', undefined],
    ['1h ', undefined],
  ])('%j is %s', (value, seconds) => {
    expect(goDurationSeconds(value)).toBe(seconds);
  });
});

describe('timeZoneProblem', () => {
  accepts(timeZoneProblem, ['UTC', 'Etc/UTC', 'Etc/GMT+12', 'Etc/GMT-14', 'GMT', 'EST5EDT', 'W-SU', 'Zulu', 'Japan']);
  accepts(timeZoneProblem, ['Europe/Berlin', 'Europe/Kyiv', 'America/Port-au-Prince', 'Africa/Dar_es_Salaam']);
  accepts(timeZoneProblem, ['America/Argentina/Buenos_Aires', 'America/Argentina/ComodRivadavia', 'America/Knox_IN']);
  accepts(timeZoneProblem, ['US/Pacific', 'US/East-Indiana', 'Australia/NSW', 'Brazil/DeNoronha', 'Asia/Kolkata']);
  refuses(timeZoneProblem, /refuses Local; use UTC/, ['Local', 'local']);
  refuses(timeZoneProblem, /an IANA time zone with exact case/, [
    '',
    'Europe/Nowhere',
    '+02:00',
    'UTC+2',
    'PST',
    'IST',
  ]);
  refuses(timeZoneProblem, /an IANA time zone with exact case/, [
    'SystemV/PST8',
    'US/Pacific-New',
    'Etc/GMT+13',
    'utc',
  ]);
  refuses(timeZoneProblem, /an IANA time zone with exact case/, ['europe/berlin', 'Europe/berlin', 'Europe/BERLIN']);
  refuses(timeZoneProblem, /an IANA time zone with exact case/, ['US/pacific', 'US/PACIFIC', 'Asia/KolKata', ' UTC']);
});

describe('names', () => {
  describe('dnsLabelProblem', () => {
    accepts(names.dnsLabelProblem, ['a', '0', 'a-b', '1a', a(63)]);
    refuses(names.dnsLabelProblem, /a DNS label: 1 to 63/, ['', 'A', '-a', 'a-', 'a.b', 'a_b', 'a\n', a(64)]);
  });
  describe('dnsSubdomainProblem', () => {
    accepts(names.dnsSubdomainProblem, ['a', 'a.b', '1.2', `${a(200)}.${a(52)}`]);
    refuses(names.dnsSubdomainProblem, /a DNS subdomain: .* 253/, ['', 'A', 'a..b', '.a', 'a.', 'a.-b', 'a_b', a(254)]);
  });
  describe('clusterNameProblem', () => {
    accepts(names.clusterNameProblem, ['etcd', 'a', 'etcd-1', a(40)]);
    refuses(names.clusterNameProblem, /1 to 40 .*\(the name of a CronJob has at most 52/, [
      '',
      '1a',
      'Etcd',
      'a-',
      'a.b',
      a(41),
    ]);
  });
  describe('envNameProblem', () => {
    accepts(names.envNameProblem, ['ETCD_NAME', 'a.b-c', '_', '-a', '.a', 'A1']);
    refuses(names.envNameProblem, /a variable name of letters/, ['', '1A', 'A B', 'A=B', '.', '..', '..a', 'é', 'A\n']);
  });
  describe('portNameProblem', () => {
    accepts(names.portNameProblem, ['client', 'http-1', '1a', a(15)]);
    refuses(names.portNameProblem, /a port name: 1 to 15/, ['', '1', '1-2', 'A', 'a--b', '-a', 'a-', 'a_b', a(16)]);
  });
  describe('tokenProblem', () => {
    accepts(names.tokenProblem, ['etcd-cluster', '!~', a(128)]);
    refuses(names.tokenProblem, /1 to 128 printable ASCII/, ['', 'a b', 'a\n', 'é', '\u007f', a(129)]);
  });
});

describe('labels', () => {
  describe('labelKeyProblem', () => {
    accepts(labelKeyProblem, ['a', 'A.b_c-d', 'example.com/team', 'a/A', `${a(253)}/${a(63)}`]);
    refuses(labelKeyProblem, /a label key: .* such as example\.com\/team/, [
      ...['', '/a', 'a/', 'a/b/c', 'Example.com/a', 'a b', '-a', 'a_', a(64), `a/${a(64)}`, `${a(254)}/a`],
    ]);
  });
  describe('labelValueProblem', () => {
    accepts(labelValueProblem, ['', 'a', 'A.b_c-d', '1', a(63)]);
    refuses(labelValueProblem, /a label value: .*; use an annotation/, ['a b', '-a', 'a.', 'a/b', 'é', 'a\n', a(64)]);
  });
  describe('annotationKeyProblem', () => {
    accepts(annotationKeyProblem, ['a', 'A', 'Example.COM/Owner', `a/${a(63)}`]);
    refuses(annotationKeyProblem, /an annotation key: .* such as example\.com\/owner/, [
      ...['', '/a', 'a/', 'a/b/c', 'exa_mple/a', 'a b', a(64), `${a(254)}/a`],
    ]);
  });
});

describe('image references', () => {
  describe('imageReferenceProblem', () => {
    accepts(imageReferenceProblem, ['etcd:v3.6.0', 'gcr.io/etcd-development/etcd:v3.6.0', 'localhost:5000/a:1']);
    accepts(imageReferenceProblem, [`etcd@${DIGEST}`, `etcd:latest@${DIGEST}`, 'a__b/c--d.e:_x', '[::1]:5000/a:1']);
    accepts(imageReferenceProblem, [`etcd:${a(128)}`, 'Host/a:1', `quay.io/${a(255)}:1`]);
    refuses(imageReferenceProblem, /image reference/, ['a.b:99999/c:1', 'a.b:0/c:1', 'localhost:65536/c:1']);
    refuses(imageReferenceProblem, /a pinned version; add a tag/, ['etcd', 'etcd:latest', 'localhost:5000/etcd']);
    refuses(imageReferenceProblem, /an image reference such as registry\.example\.com/, [
      ...['', 'Etcd:1', 'a/B:1', 'https://quay.io/a:1', 'a:', 'a:-x', 'a b:1', ' a:1', 'a:1\n', 'quay.io/:1', 'a//b:1'],
      ...[
        'a@sha256:12',
        `a@${DIGEST.toUpperCase()}`,
        'a@md5:0',
        `a:${a(129)}`,
        'a___b:1',
        '-x.y/a:1',
        `q.io/${a(256)}:1`,
      ],
    ]);
  });
  describe('imageRegistryProblem', () => {
    accepts(imageRegistryProblem, ['quay.io', 'localhost', 'mirror.example.com:5000/proxy', 'mirror:5000', 'q.io/a/b']);
    refuses(imageRegistryProblem, /a registry host with optional port and path/, [
      `quay.io/${a(250)}`,
      ...[
        '',
        'proxy',
        'https://quay.io',
        'quay.io/',
        'quay.io/a:1',
        `quay.io/a@${DIGEST}`,
        'quay.io/A',
        'q.io:x',
        'q .io',
      ],
    ]);
  });
  describe('parseImageReference', () => {
    test.each([
      ['etcd:1', { registry: 'docker.io', repository: 'library/etcd', tag: '1' }],
      ['coreos/etcd:1', { registry: 'docker.io', repository: 'coreos/etcd', tag: '1' }],
      ['index.docker.io/etcd:1', { registry: 'docker.io', repository: 'library/etcd', tag: '1' }],
      ['quay.io/coreos/etcd:1', { registry: 'quay.io', repository: 'coreos/etcd', tag: '1' }],
      ['localhost/etcd', { registry: 'localhost', repository: 'etcd' }],
      [`q.io/a:2@${DIGEST}`, { registry: 'q.io', repository: 'a', tag: '2', digest: DIGEST }],
      [`q.io/a@${DIGEST}`, { registry: 'q.io', repository: 'a', digest: DIGEST }],
    ])('%s', (value, parts) => {
      expect(parseImageReference(value)).toStrictEqual(parts);
    });

    test('throws on what is not a reference', () => {
      expect(() => parseImageReference('A')).toThrow(/expected an image reference/);
    });
  });
});

describe('yamlHazard', () => {
  accepts(yamlHazard, ['', '0755', '0x1f', '0b11', '0o8', '1_000', '.inf', '~', 'null', '=', '<<', '2024-01-01']);
  accepts(yamlHazard, [
    '12:30:45',
    '- a',
    '? x',
    '!tag',
    '&a',
    '*a',
    '#',
    'a\r\n',
    'a ',
    ' ',
    '\ta',
    '\t',
    '\n',
    '\n\n',
  ]);
  accepts(yamlHazard, ['a\n\tb', ' \ta\nb', '\ta\r\nb', '\u001b', '\ufeff', '\u{1f600}', 'x'.repeat(5000)]);
  refuses(yamlHazard, /without NUL/, ['\u0000', 'a\u0000b']);
  refuses(yamlHazard, /without U\+007F to U\+009F/, ['\u007f', 'a\u0080', '\u0085', '\u009f', '\u2028', 'a\nb\u2029']);
  refuses(yamlHazard, /without U\+007F to U\+009F/, ['\ufffe', '\uffff']);
  refuses(yamlHazard, /without half of a surrogate pair/, ['\ud800', 'a\udc00', '\udc00\ud800']);
  refuses(yamlHazard, /does not read as an octal/, ['0o755', '+0o7', '-0o7', '0O7', '0o7_7', '0X1F', '0B11']);
  refuses(yamlHazard, /first line does not start with a tab/, ['\ta\n', '\ta\nb', '\n\ta', ' \n', '\n \n', ' \t\n']);
});

describe('yamlKeyHazard', () => {
  accepts(yamlKeyHazard, ['a', '<', '<<<', '<<: a']);
  refuses(yamlKeyHazard, /a key other than <</, ['<<']);
  refuses(yamlKeyHazard, /a key other than constructor/, ['constructor']);
  refuses(yamlKeyHazard, /does not read as an octal/, ['0o7']);
});
