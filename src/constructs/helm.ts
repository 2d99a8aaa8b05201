import { App, type IResolver, type ResolutionContext } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What Helm writes as `{{`. It has no quotes, so that it is the same in every style of YAML. */
const ESCAPED = '{{`{{`}}';

/**
 * Keeps Helm from reading `{{` in alerts, dashboards and annotations as its own, for `cdk8s synth --format helm`, whose
 * files are templates of a chart: `new FleetApp({ resolvers: [new HelmTemplateResolver()] })`. Use it for this format
 * only.
 * @see https://cdk8s.io/docs/latest/basics/app/#resolvers
 */
export class HelmTemplateResolver implements IResolver {
  /** Escapes `{{` in a text. */
  public resolve(context: ResolutionContext): void {
    if (typeof context.value !== 'string') return;
    // cdk8s asks again about what was replaced, so a text that is escaped must stay.
    const escaped = context.value.replace(/\{\{`\{\{`\}\}|\{\{/g, ESCAPED);
    if (escaped !== context.value) context.replaceValue(escaped);
  }
}

/** Whether an app writes the templates of a Helm chart, and nothing escapes `{{`. */
export function isReadByHelm(root: IConstruct): boolean {
  if (!(root instanceof App) || basename(root.outdir) !== 'templates') return false;
  const isEscaped = root.resolvers.some((resolver) => resolver instanceof HelmTemplateResolver);
  return !isEscaped && existsSync(join(dirname(root.outdir), 'Chart.yaml'));
}
