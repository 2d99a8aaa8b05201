import type { IConstruct } from 'constructs';
import { importValues, type Finding, type ImportedCluster, type ImportProblem } from '../bitnami/import';
import { valueOf } from '../bitnami/expression';
import { BITNAMI, type EtcdBitnamiOptions } from '../props/bitnami';
import type { EtcdClusterProps } from '../props/cluster';
import type { EtcdDefragOptions } from '../props/defrag';
import type { EtcdMonitoringOptions } from '../props/monitoring';
import type { EtcdSnapshotsOptions } from '../props/snapshots';
import { EtcdWarning } from '../props/warning';
import { DEFAULTS } from '../constants/defaults';
import { checkStruct, type Checked } from '../checks/struct';
import { clusterNameProblem } from '../grammar/names';
import { Problems } from '../checks/problems';
import { Warnings } from '../rules/warnings';
import { leaveOut } from './app-content';
import { reportAtSynth } from './report';

/** The warnings for findings. The command prints them in its report instead. */
const CODES = { missed: EtcdWarning.BITNAMI_DROPPED, differs: EtcdWarning.BITNAMI_CHANGED } as const;

/** The construct of an import. This is EtcdCluster, which cannot be imported here because it imports this file. */
interface Importable extends IConstruct {
  addSnapshots(options: EtcdSnapshotsOptions): unknown;
  addMonitoring(options: EtcdMonitoringOptions): unknown;
  addDefrag(options: EtcdDefragOptions): unknown;
}

/** See EtcdCluster.fromBitnamiValues. */
export function bitnamiCluster<Cluster extends Importable>(
  options: EtcdBitnamiOptions,
  make: (props: EtcdClusterProps) => Cluster,
): Cluster {
  const problems = new Problems();
  const required = ['values', 'releaseName', 'namespace'] as const;
  const checked: Checked<typeof BITNAMI> = checkStruct(options, BITNAMI, required, '', problems) ?? {};
  const { values, releaseName, namespace, fileName = DEFAULTS.bitnami.fileName, acknowledgeWarnings = [] } = checked;
  const warnings = new Warnings(acknowledgeWarnings);
  if (values === undefined || releaseName === undefined || namespace === undefined) {
    return placeholder(make, problems, warnings);
  }
  const imported = importValues(values, {
    release: { name: releaseName, namespace },
    existing: checked.existingCluster,
  });
  for (const problem of imported.problems) problems.add(whereOf(problem, fileName), problem.text);
  for (const finding of imported.findings) {
    const code = codeOf(finding, imported);
    if (code !== undefined) warnings.add(code, `${whereOf(finding, fileName)}: ${finding.text}`);
  }
  if (imported.problems.length > 0) return placeholder(make, problems, warnings, imported.fullname, namespace);
  const cluster = construct(imported, (props) => make({ ...props, acknowledgeWarnings: [...acknowledgeWarnings] }));
  reportAtSynth(cluster, problems, warnings);
  return cluster;
}

/** Creates the constructs of an import without problems. */
export function construct<Cluster extends Importable>(
  imported: ImportedCluster,
  make: (props: EtcdClusterProps) => Cluster,
): Cluster {
  const cluster = make(valueOf(imported.cluster) as EtcdClusterProps);
  if (imported.snapshots) cluster.addSnapshots(valueOf(imported.snapshots) as EtcdSnapshotsOptions);
  if (imported.monitoring) cluster.addMonitoring(valueOf(imported.monitoring) as EtcdMonitoringOptions);
  if (imported.defrag) cluster.addDefrag(valueOf(imported.defrag) as EtcdDefragOptions);
  return cluster;
}

/** `values.yaml:12: replicaCount`, a form that editors and terminals link. */
function whereOf({ parameter, line }: Pick<ImportProblem, 'parameter' | 'line'>, fileName: string): string {
  const file = line === undefined ? fileName : `${fileName}:${line}`;
  return parameter === '' ? file : `${file}: ${parameter}`;
}

function codeOf(finding: Finding, { values }: ImportedCluster): EtcdWarning | undefined {
  if (finding.line === undefined) return undefined; // about a default of the chart
  if (finding.kind === 'missed' || finding.kind === 'differs') return CODES[finding.kind];
  const isKnown = values.named.includes(finding.parameter);
  return isKnown || finding.kind !== 'danger' ? undefined : EtcdWarning.BITNAMI_UNKNOWN;
}

/** A construct to which the problems are attached. Nothing of it is written. */
function placeholder<Cluster extends IConstruct>(
  make: (props: EtcdClusterProps) => Cluster,
  problems: Problems,
  warnings: Warnings,
  name = 'invalid',
  namespace = 'invalid',
): Cluster {
  const cluster = make({
    name: clusterNameProblem(name) === undefined ? name : 'invalid',
    namespace,
    acknowledgeWarnings: Object.values(EtcdWarning),
  });
  leaveOut(cluster);
  reportAtSynth(cluster, problems, warnings);
  return cluster;
}
