import type { StringMap } from '../../constants/names';
import type { AppCluster, AppContent, AppObject, ProblemsAt } from './content';

/** A pod with the labels of a member: the Services send clients to it, and budgets and network policies count it. */
export function checkSelectors({ clusters, objects }: AppContent, problemsAt: ProblemsAt): void {
  checkClusters(clusters, problemsAt);
  const namespaces = new Map<string, AppCluster[]>();
  for (const cluster of clusters) {
    const { namespace } = cluster.config;
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), cluster]);
  }
  for (const object of objects) {
    const there = namespaces.get(object.namespace ?? '');
    if (there === undefined || object.cluster !== undefined || !WORKLOADS.includes(object.kind)) continue;
    const labels = podLabels(object);
    for (const { path, config } of there)
      if (Object.entries(config.selector).every(([key, value]) => labels[key] === value))
        problemsAt(path).add(
          'selector',
          `the pods of ${object.kind} ${object.path} have the labels of the members, so Services would route clients to them; change their labels`,
        );
  }
}

function checkClusters(clusters: readonly AppCluster[], problemsAt: ProblemsAt): void {
  const first = new Map<string, AppCluster>();
  for (const cluster of [...clusters].sort((a, b) => Number(isCustom(a)) - Number(isCustom(b)))) {
    const { namespace, name, selector } = cluster.config;
    const key = JSON.stringify([namespace, ...Object.values(selector)]);
    const other = first.get(key);
    if (other === undefined) first.set(key, cluster);
    else if (other.config.name !== name)
      problemsAt(cluster.path).add(
        'selector.instance',
        `is also the instance of ${other.path} in this namespace, so the Services of one would route clients to both; choose another instance`,
        instanceOf(cluster),
      );
  }
}

function isCustom(cluster: AppCluster): boolean {
  return instanceOf(cluster) !== cluster.config.name;
}

function instanceOf({ config }: AppCluster): string | undefined {
  return config.selector['app.kubernetes.io/instance'];
}

const WORKLOADS = [
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
];

interface PodTemplate {
  readonly metadata?: { readonly labels?: StringMap };
}

interface Workload extends PodTemplate {
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}

function podLabels(object: AppObject): StringMap {
  const workload = object.toJson() as Workload;
  const template = object.kind === 'Pod' ? workload : (workload.spec?.jobTemplate?.spec ?? workload.spec)?.template;
  return template?.metadata?.labels ?? {};
}
