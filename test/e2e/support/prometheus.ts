import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import type { Kubectl, Live } from './kubectl';
import { PATIENCE } from './limits';

/** Whether the cluster runs the Prometheus operator: `E2E_PROMETHEUS=operator`. */
export const HAS_OPERATOR = process.env.E2E_PROMETHEUS === 'operator';

/** Lets a cluster without the operator accept its objects. */
export async function ensureMonitorTypes(kubectl: Kubectl): Promise<void> {
  if ((await kubectl.try(['get', 'crd', 'podmonitors.monitoring.coreos.com'])).ok) return;
  await kubectl.do(['create', '--filename', join(__dirname, '../../../imports/crds/monitoring.coreos.com.yaml')]);
}

/** Labels by which the Prometheus below selects monitors and rules. */
export const PICKED = { release: 'prometheus' };

const METRICS = 'kube-state-metrics';
const IMAGES = {
  prometheus: 'quay.io/prometheus/prometheus:v2.42.0',
  metrics: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.13.0',
};
const SECONDS = '5s';

/** A real Prometheus, made by the operator, and kube-state-metrics, in the namespace of the test. */
export class Prometheus {
  public static async start(kubectl: Kubectl): Promise<Prometheus> {
    await kubectl.apply(Yaml.stringify(...objects(kubectl.namespace)));
    const pod = 'prometheus-metrics-0';
    await kubectl.until('Prometheus', PATIENCE, async () => {
      const pods = await kubectl.look('pods', 'app.kubernetes.io/name=prometheus');
      return pods.some((one) => one.status.conditions?.some((c: Live) => c.type === 'Ready' && c.status === 'True'));
    });
    return new Prometheus(kubectl, pod);
  }

  private constructor(
    private readonly kubectl: Kubectl,
    private readonly pod: string,
  ) {}

  private async ask(path: string, parameters: { readonly [name: string]: string } = {}): Promise<Live> {
    const proxy = `/api/v1/namespaces/${this.kubectl.namespace}/pods/${this.pod}:9090/proxy/api/v1`;
    const answer = await this.kubectl.do(['get', '--raw', `${proxy}/${path}?${new URLSearchParams(parameters)}`]);
    return JSON.parse(answer).data;
  }

  /** How many series a query returns. */
  public async count(expr: string): Promise<number> {
    return (await this.ask('query', { query: expr })).result.length;
  }

  public async targets(): Promise<{ readonly pod: string; readonly health: string }[]> {
    const { activeTargets } = await this.ask('targets', { state: 'active' });
    return activeTargets.map(({ labels, health }: Live) => ({ pod: labels.pod, health }));
  }

  public async rules(): Promise<{ readonly name: string; readonly health: string; readonly state: string }[]> {
    return (await this.ask('rules')).groups.flatMap((group: Live) => group.rules);
  }

  /** Labels of the alerts of this name that fire. */
  public async firing(name: string): Promise<{ readonly [label: string]: string }[]> {
    const { alerts } = await this.ask('alerts');
    return alerts
      .filter(({ labels, state }: Live) => labels.alertname === name && state === 'firing')
      .map(({ labels }: Live) => labels);
  }
}

function objects(namespace: string): object[] {
  const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const may = (name: string, apiGroups: string[], resources: string[]): object[] => [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: [{ apiGroups, resources, verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
  return [
    ...may('prometheus', [''], ['pods']),
    ...may(METRICS, ['batch'], ['cronjobs', 'jobs']),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: METRICS, labels: { app: METRICS } },
      spec: {
        serviceAccountName: METRICS,
        securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: METRICS,
            image: IMAGES.metrics,
            imagePullPolicy: 'IfNotPresent',
            args: [`--namespaces=${namespace}`, '--resources=cronjobs,jobs'],
            ports: [{ name: 'metrics', containerPort: 8080 }],
            securityContext: restricted,
          },
        ],
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: { name: METRICS, labels: PICKED },
      spec: {
        selector: { matchLabels: { app: METRICS } },
        podMetricsEndpoints: [{ port: 'metrics', honorLabels: true, interval: SECONDS }],
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name: 'metrics' },
      spec: {
        image: IMAGES.prometheus,
        version: 'v2.42.0',
        serviceAccountName: 'prometheus',
        podMonitorSelector: { matchLabels: PICKED },
        ruleSelector: { matchLabels: PICKED },
        scrapeInterval: SECONDS,
        evaluationInterval: SECONDS,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          fsGroup: 65534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    },
  ];
}
