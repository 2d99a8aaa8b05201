import { Chart, Testing } from 'cdk8s';
import { EtcdCluster, EtcdWarning } from '../../src';
import { importValues } from '../../src/bitnami/import';
import { VERDICTS } from '../../src/bitnami/verdicts';
import { problemsOf } from '../support/synth';

const OFF = 'auth: { rbac: { create: false } }\n';

function problems(values: string, off = OFF): string[] {
  const { problems } = importValues(off + values, { release: { name: 'etcd', namespace: 'storage' } });
  return problems.map(({ line, parameter, text }) => `${line ?? '-'} ${parameter}: ${text}`);
}

describe('files that are not values files', () => {
  test.each([
    ['not YAML', 'a: [1', /^2? ?1? ?.*is not valid YAML/],
    ['a key twice', 'replicaCount: 3\nreplicaCount: 5\n', /2 : is not valid YAML: Map keys must be unique/],
    ['empty', '', /1 : is empty/],
    ['only a comment', '# nothing\n', /1 : is empty/],
    ['a list', '- a\n- b\n', /1 : expected a map of values/],
    ['a text', 'hello', /1 : expected a map of values/],
    ['an unknown anchor', 'a: *b\n', /is not readable YAML/],
    ['a map in itself', 'service: &a\n  ports: *a\n', /contains itself/],
    ['two clusters', 'replicaCount: 3\n---\nreplicaCount: 5\n', /3 : expected one YAML document/],
  ])('%s', (_name, text, expected) => {
    const found = problems(text, '');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });
});

test('anchors, aliases and merges are read as Helm reads them, with the lines that name them', () => {
  const { values, problems } = importValues(
    `${OFF}resources: &big { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } }
defrag: { enabled: true, cronjob: { resources: *big } }
disasterRecovery:
  pvc: &claim { size: 5Gi, existingClaim: one }
  <<: { enabled: yes }
`,
    { release: { name: 'etcd', namespace: 'storage' } },
  );
  expect(problems).toEqual([]);
  expect(values.map('defrag.cronjob.resources')).toEqual(values.map('resources'));
  expect(values.flag('disasterRecovery.enabled')).toBe(true);
  expect(values.line('disasterRecovery.enabled')).toBe(6);
});

test('keys and variables that every object has', () => {
  expect(problems('constructor: 1\n')).toEqual([expect.stringMatching(/^2 constructor: .*unknown/)]);
  expect(problems('extraEnvVars: [{ name: constructor, value: x }]\n')).toEqual([]);
});

test('what helm get values prints is read, with or without its title', () => {
  expect(problems('USER-SUPPLIED VALUES:\nreplicaCount: 3\n')).toEqual([]);
});

test('of helm get values --all, the values of the chart’s library have no effect; others there are unknown', () => {
  const library = 'common: { exampleValue: common-chart, global: { imageRegistry: "" } }\n';
  const { problems: none, findings } = importValues(`COMPUTED VALUES:\n${OFF}${library}`, {
    release: { name: 'etcd', namespace: 'storage' },
  });
  expect(none).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'unused', parameter: 'common', line: 3 }));
  expect(problems('common: { replicas: 3 }\n')).toEqual([expect.stringMatching(/^2 common: unknown key/)]);
});

test('all problems are reported at once, each with its line', () => {
  expect(
    problems(`replicaCount: "three"
replicas: 3
persistence: [1]
service:
  typ: ClusterIP
  enabled: "false"
autoCompactionRetention: forever
containerPorts:
`),
  ).toEqual([
    '2 replicaCount: expected a whole number, got "three"',
    expect.stringMatching(/^3 replicas: unknown key/),
    '4 persistence: expected a map, got [1]',
    expect.stringMatching(/^6 service.typ: unknown key.*did you mean service\.type\?$/),
    expect.stringMatching(/^7 service.enabled: expected true or false/),
    expect.stringMatching(/^8 autoCompactionRetention: etcd does not accept "forever"/),
    '9 containerPorts: expected a map, but it is empty; remove it',
  ]);
});

test.each([
  ['persistance: { size: 8Gi }', 'persistence'],
  ['disasterRecovery: { cronjob: { shedule: x } }', 'disasterRecovery.cronjob.schedule'],
  ['auth: { rbac: { create: false }, peer: { secureTransprt: true } }', 'auth.peer.secureTransport'],
  ['podDisruptionBudget: { maxUnavailable: 1 }', 'pdb.maxUnavailable'],
])('%s: the nearest name is %s', (values, name) => {
  expect(problems(values, values.startsWith('auth') ? '' : OFF)[0]).toContain(`did you mean ${name}?`);
});

describe('settings whose loss would open a protected cluster', () => {
  test.each([
    [
      'an old name',
      'auth: { rbac: { create: false, enabled: true } }\n',
      /^1 auth.rbac.enabled: is an old name of auth.rbac.create/,
    ],
    [
      'tokens without a private key',
      'auth: { token: { signMethod: HS256 } }\n',
      /^1 auth.token.signMethod: expected a method with a private key/,
    ],
    [
      'a lifetime that is no duration',
      'auth: { token: { ttl: soon } }\n',
      /^1 auth.token.ttl: expected a whole number of seconds/,
    ],
    [
      'client TLS without peer TLS',
      `auth: { rbac: { create: false }, client: { secureTransport: true, existingSecret: a } }`,
      /client.secureTransport: .*to clients and among members, or to neither/,
    ],
    [
      'peer TLS without client TLS',
      `auth: { rbac: { create: false }, peer: { secureTransport: true, existingSecret: a } }`,
      /peer.secureTransport: .*to clients and among members, or to neither/,
    ],
    [
      'certificates that etcd makes itself',
      'auth: { rbac: { create: false }, client: { secureTransport: true, useAutoTLS: true }, peer: { secureTransport: true, existingSecret: a } }',
      /client.useAutoTLS: etcd makes these certificates itself/,
    ],
    [
      'TLS without a Secret',
      'auth: { rbac: { create: false }, client: { secureTransport: true, existingSecret: a }, peer: { secureTransport: true } }',
      /auth.peer.existingSecret: is required with TLS, as in the chart/,
    ],
    ['a diagnostic release', `${OFF}diagnosticMode: { enabled: true }`, /sleep instead/],
    ['a file of etcd', `${OFF}existingConfigmap: mine`, /ignores all environment variables/],
    ['a command', `${OFF}command: [etcd]`, /starts etcd itself/],
    ['a job’s command', `${OFF}disasterRecovery: { enabled: true, cronjob: { command: [x] } }`, /own script/],
    ['a probe', `${OFF}customReadinessProbe: { exec: { command: [x] } }`, /plain HTTP/],
    ['a hook', `${OFF}lifecycleHooks: { preStop: { exec: { command: [x] } } }`, /own preStop/],
    ['root', `${OFF}containerSecurityContext: { runAsUser: 0 }`, /refuses root/],
    ['one after the other', `${OFF}podManagementPolicy: OrderedReady`, /cascade=orphan/],
    ['a long name', `${OFF}fullnameOverride: a-name-that-is-much-too-long-for-a-cron-job-of-it`, /1 to 40/],
    ['no members', `${OFF}replicaCount: 0`, /1 to 9 members/],
    ['a template', `${OFF}existingConfigmap: "{{ .Release.Name }}"`, /only Helm can evaluate/],
    ['an unknown version', `${OFF}image: { tag: latest }`, /starts with the etcd version/],
    ['a flag of TLS', `${OFF}extraEnvVars: [{ name: ETCD_CERT_FILE, value: /a }]`, /ETCD_CERT_FILE: cannot be used: /],
    ['a flag of the library', `${OFF}extraEnvVars: [{ name: ETCD_NAME, value: a }]`, /ETCD_NAME: cannot be used: /],
    [
      'users, by a variable',
      `${OFF}extraEnvVars: [{ name: ETCD_ROOT_PASSWORD, valueFrom: { secretKeyRef: { name: a, key: b } } }]`,
      /^2 extraEnvVars: ETCD_ROOT_PASSWORD: with a password, the image creates users/,
    ],
    [
      'a file of etcd, by a variable',
      `${OFF}extraEnvVars: [{ name: ETCD_CFG_QUOTA_BACKEND_BYTES, value: "1" }]`,
      /ETCD_CFG_QUOTA_BACKEND_BYTES: .*ignores all environment variables/,
    ],
    [
      'a wrong number',
      `${OFF}extraEnvVars: [{ name: ETCD_MAX_TXN_OPS, value: many }]`,
      /does not accept this value, got "many"/,
    ],
    ['a reference', `${OFF}extraEnvVars: [{ name: ETCD_MAX_TXN_OPS, valueFrom: {} }]`, /set a literal value/],
    ['lost snapshots', `${OFF}disasterRecovery: { enabled: true, cronjob: { snapshotsDir: /x } }`, /outside the claim/],
    [
      'no file to start from',
      `${OFF}startFromSnapshot: { enabled: true, existingClaim: a }`,
      /set the name of the snapshot/,
    ],
    ['what Kubernetes lacks', `${OFF}tolerations: [{ keys: a }]`, /\[0\]\.keys: unknown key in Kubernetes 1\.28/],
    [
      'other resources',
      `${OFF}resources: { limits: { nvidia.com/gpu: 1 } }`,
      /limits\.nvidia\.com\/gpu: expected one of/,
    ],
    [
      'an affinity without key',
      `${OFF}nodeAffinityPreset: { type: hard, key: "", values: [a] }`,
      /^2 nodeAffinityPreset.key: is empty, which Kubernetes refuses with type hard/,
    ],
    [
      'an affinity without values',
      `${OFF}nodeAffinityPreset: { type: soft, key: a }`,
      /nodeAffinityPreset.values: is empty/,
    ],
    [
      'a number for a map',
      `${OFF}affinity: { podAntiAffinity: 3 }`,
      /affinity: podAntiAffinity: expected a map, got 3$/,
    ],
    [
      'a list for a map',
      `${OFF}persistence: { selector: { matchLabels: [a] } }`,
      /persistence.selector: matchLabels: expected a map, got \["a"\]$/,
    ],
    [
      'a text in a list of maps',
      `${OFF}sidecars: [{ name: a, env: [b] }]`,
      /\[0\]\.env\[0\]: expected a map, got "b"$/,
    ],
    ['a list for a text', `${OFF}tolerations: [{ key: [a] }]`, /\[0\]\.key: expected a single value, got \["a"\]$/],
    [
      'a digest without version',
      `${OFF}image: { digest: "sha256:${'a'.repeat(64)}" }`,
      /^2 image.digest: the chart uses the digest.*set image.tag/,
    ],
    ['a label of the chart', `${OFF}podLabels: { app.kubernetes.io/component: x }`, /is set by the chart/],
  ])('%s is refused', (_name, values, expected) => {
    const found = problems(values, '');
    expect(found).toEqual([expect.stringMatching(expected)]);
  });
});

test('secrets are never repeated; a literal password is refused with the command that makes its Secret', () => {
  const command =
    /rootPassword: a password does not belong in a file; create a Secret with `printf %s "\$PASSWORD" \| kubectl --namespace storage create secret generic etcd-root-password --from-file=etcd-root-password=\/dev\/stdin`, and remove it here; /;
  const found = problems('auth: { rbac: { create: false, rootPassword: hunter2 } }\n', '');
  expect(found).toEqual([expect.stringMatching(command)]);
  expect(found.join()).toMatch(/; without users \(auth.rbac.create: false\) nothing reads it$/);
  // The Secret gets a name that Helm does not delete.
  const users = problems('auth: { rbac: { rootPassword: hunter2 } }\n', '');
  expect(users).toEqual([expect.stringMatching(command)]);
  expect(users.join()).toMatch(/set auth.rbac.existingSecret: etcd-root-password$/);
  const keyed = 'auth: { rbac: { create: true, rootPassword: hunter2, existingSecretPasswordKey: root } }\n';
  expect(problems(keyed, '').join()).toContain('--from-file=root=/dev/stdin');
  expect([...found, ...users, ...problems(keyed, '')].join()).not.toContain('hunter2');
  expect(problems('auth: { rbac: { create: false, enabled: true, rootPassword: hunter2 } }\n', '')).toEqual([
    expect.stringMatching(/^1 auth.rbac.enabled: is an old name/),
    expect.stringMatching(command),
  ]);
  const env = problems('extraEnvVars: [{ name: ETCD_ROOT_PASSWORD, value: hunter2 }]\n');
  expect(env).toEqual([
    expect.stringMatching(/ETCD_ROOT_PASSWORD: with a password, the image creates users; use auth\.rbac\.create/),
  ]);
  expect(env.join()).not.toContain('hunter2');
  expect(problems('auth: { rbac: { create: false, rootPassword: [hunter2] } }\n', '').join()).not.toContain('hunter2');
});

test('ETCD_AUTH_TOKEN names a kind of token, and is not a secret', () => {
  expect(problems('extraEnvVars: [{ name: ETCD_AUTH_TOKEN, value: simple }]\n')).toEqual([]);
  expect(problems('extraEnvVars: [{ name: MY_TOKEN, value: simple }]\n')).toHaveLength(1);
});

test('an unreadable file has no other findings: it does not get the chart’s defaults', () => {
  for (const text of ['a: [1', '', '- a'])
    expect(importValues(text, { release: { name: 'etcd', namespace: 'storage' } }).findings).toEqual([]);
});

describe('fromBitnamiValues', () => {
  const synth = (values: string, more: object = {}): string[] => {
    const chart = new Chart(Testing.app(), 'test');
    EtcdCluster.fromBitnamiValues(chart, 'Etcd', { values, releaseName: 'etcd', namespace: 'storage', ...more });
    return problemsOf(() => Testing.synth(chart));
  };

  test('reports its problems at synth, with those of the rest of the app', () => {
    expect(synth('replicaCount: three\ncommand: [etcd]\n', { fileName: 'prod.yaml' })).toEqual([
      expect.stringContaining('prod.yaml:1: replicaCount: expected a whole number, got "three"'),
      expect.stringContaining('prod.yaml:2: command: '),
    ]);
  });

  test('options are checked', () => {
    expect(synth('', { releaseName: 'Etcd', namespace: undefined }).join()).toMatch(
      /releaseName: .*namespace: is required/s,
    );
    const missing = { values: undefined, releaseName: undefined, namespace: 'No', acknowledgeWarnings: ['All'] };
    expect(synth('', missing).map((line) => line.split(' ').slice(1, 4).join(' '))).toEqual([
      'namespace: expected a',
      'acknowledgeWarnings[0]: expected one',
      'values: is required;',
      'releaseName: is required;',
    ]);
    expect(synth(5 as never).join()).toContain('values: expected the text of a values file, as YAML, got 5');
  });

  test('warns of what is dropped, changed or unknown, until that is acknowledged', () => {
    const said: string[] = [];
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const values = `auth: { rbac: { create: false, token: { enabled: false } } }
extraDeploy: [{ kind: ConfigMap }]
extraEnvVarsCM: more
`;
    expect(synth(values)).toEqual([]);
    const text = said.splice(0).join('');
    expect(text).toMatch(
      /values.yaml:1: auth.rbac.token.enabled: .*random JWT key; use auth.token.enabled \[BitnamiUnknown:/,
    );
    expect(text).toMatch(/values.yaml:2: extraDeploy: .*\[BitnamiDropped:/);
    expect(text).toMatch(/values.yaml:3: extraEnvVarsCM: .*\[BitnamiChanged:/);
    synth(values, { acknowledgeWarnings: Object.values(EtcdWarning) });
    expect(said).toEqual([]);
    write.mockRestore();
  });
});

/** Values that YAML allows anywhere. */
const ODD = ['null', '5', 'text', '[null]', '[{ name: a, env: 5 }]', '{ a: { b: [c] } }', '{ limits: 5 }', '"{{ x }}"'];
const ON = 'disasterRecovery.enabled defrag.enabled metrics.enabled metrics.podMonitor.enabled'.split(' ');

test.each(ODD)('%s: is taken or refused at every parameter, and never ends the import', (odd) => {
  for (const path of Object.keys(VERDICTS).filter((name) => !name.includes('prometheus.io'))) {
    const tree: { [key: string]: unknown } = {};
    for (const [name, value] of [['auth.rbac.create', 'false'], ...ON.map((n) => [n, 'true']), [path, odd]]) {
      const keys = (name ?? '').split('.');
      const parent = keys.slice(0, -1).reduce((at, key) => (at[key] ??= {}) as { [key: string]: unknown }, tree);
      parent[keys.at(-1) ?? ''] = `<${value ?? ''}>`;
    }
    const values = JSON.stringify(tree).replace(
      /"<(.*?)>"/g,
      (_all, text: string) => JSON.parse(`"${text}"`) as string,
    );
    const { problems } = importValues(values.replaceAll('":', '": '), {
      release: { name: 'etcd', namespace: 'storage' },
    });
    expect(problems.every((p) => p.text !== '')).toBe(true);
  }
});
