import { EtcdRelabelAction, type EtcdMonitoringOptions, type EtcdRelabeling } from '../../src';
import { warningsOf } from '../support/synth';

const { DROP, HASHMOD, KEEP, LABELDROP, LABELKEEP, LABELMAP, LOWERCASE } = EtcdRelabelAction;
const warned = (options: EtcdMonitoringOptions): string[] => warningsOf({}, (c) => c.addMonitoring(options));
const NAME = ['__name__'];
const LABEL = (label: string): string =>
  `changes or removes the label ${label}, by which alerts and the dashboard find`;

/** Relabelings of targets, and of samples, and what is said of one. */
test.each<[EtcdRelabeling[], ...string[]]>([
  [[{ action: LABELDROP, regex: 'namespace' }], LABEL('namespace')],
  [[{ action: LABELDROP, regex: 'pod|endpoint' }], LABEL('pod')],
  [[{ action: LABELDROP, regex: '.*' }], LABEL('namespace')],
  [
    [
      { action: LABELDROP, regex: 'endpoint' },
      { action: LABELDROP, regex: 'po.' },
    ],
    `[1]: ${LABEL('pod')}`,
  ],
  [[{ action: LABELKEEP, regex: 'job|endpoint|__name__' }], LABEL('namespace')],
  [[{ targetLabel: 'namespace', replacement: 'monitoring' }], LABEL('namespace')],
  [[{ targetLabel: 'pod', replacement: '' }], LABEL('pod')],
  [[{ sourceLabels: ['pod'], targetLabel: 'pod', regex: 'etcd-(.*)', replacement: 'x-${1}' }], LABEL('pod')],
  [[{ action: HASHMOD, sourceLabels: ['pod'], targetLabel: 'pod', modulus: 2 }], LABEL('pod')],
  [[{ action: LABELMAP, regex: 'job', replacement: 'pod' }], LABEL('pod')],
  [[{ action: DROP, sourceLabels: ['container'], regex: 'etcd' }], 'drops '],
  [[{ action: KEEP, sourceLabels: ['job'], regex: 'other' }], 'drops '],
  [[{ action: DROP }], 'drops '],
  [[{ action: LABELDROP, regex: 'endpoint' }]],
  [[{ targetLabel: 'cluster', replacement: 'prod-1' }]],
  [[{ sourceLabels: ['pod'], targetLabel: 'instance' }]],
  [[{ action: LOWERCASE, sourceLabels: ['pod'], targetLabel: 'pod' }]],
  [[{ action: KEEP, sourceLabels: ['__meta_kubernetes_pod_label_team'], regex: 'a' }]],
])('%j', (steps, ...expected) => {
  const about = (prop: string) =>
    expected.map((text) => expect.stringMatching(new RegExp(`${prop}.*${escaped(text)}`)));
  expect(warned({ relabelings: steps })).toEqual(about('relabelings'));
  expect(warned({ metricRelabelings: steps })).toEqual(about('metricRelabelings'));
});

function escaped(text: string): string {
  return text.replace(/[[\]().]/g, '\\$&');
}

test.each<[EtcdRelabeling[], ...string[]]>([
  [
    [{ action: DROP, sourceLabels: NAME, regex: 'etcd_.*' }],
    'drops etcd_server_has_leader, which alerts and the dashboard need',
  ],
  [[{ action: DROP, sourceLabels: NAME, regex: '.*_bucket' }], 'drops etcd_disk_wal_fsync_duration_seconds_bucket'],
  [[{ action: KEEP, sourceLabels: NAME, regex: 'go_.*' }], 'drops etcd_server_has_leader'],
  [[{ action: LABELKEEP, regex: 'namespace|pod|job' }], LABEL('__name__')],
  [[{ sourceLabels: NAME, targetLabel: '__name__', replacement: 'our_$1' }], LABEL('__name__')],
  [[{ action: DROP, sourceLabels: NAME, regex: 'go_.*|etcd_debugging_.*|grpc_.*_bucket' }]],
  [[{ action: KEEP, sourceLabels: NAME, regex: 'etcd_.*|process_.*' }]],
])('samples: %j', (metricRelabelings, ...expected) => {
  expect(warned({ metricRelabelings })).toEqual(expected.map((text) => expect.stringContaining(text)));
});
