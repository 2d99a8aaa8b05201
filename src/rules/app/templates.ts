import type { AppContent, ProblemsAt } from './content';

/** Prometheus and Grafana have templates in `{{`, as Helm has. */
export function checkTemplates({ isHelm, objects }: AppContent, problemsAt: ProblemsAt): void {
  if (!isHelm) return;
  for (const { cluster, kind, namespace, name, path, toJson } of objects)
    if (cluster !== undefined && JSON.stringify(toJson()).includes('{{'))
      problemsAt(path).add(
        `${kind} ${namespace}/${name}`,
        'Helm would read {{ in it as a template of its own; create the app with resolvers: [new HelmTemplateResolver()]',
      );
}
