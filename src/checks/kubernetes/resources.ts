import { dnsSubdomainProblem } from '../../grammar/names';
import { labelKeyProblem } from '../../grammar/labels';
import { bytesProblem, cpuProblem, parseQuantity } from '../../grammar/quantity';
import type { Json, k8s } from '../../kubernetes';
import { fields, type FieldValues } from './fields';
import type { Values } from './kube';
import type { Problems } from '../problems';

interface Quantities {
  readonly [name: string]: Json<k8s.Quantity>;
}
type Requirements = Json<k8s.ResourceRequirements>;

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

function nameProblem(name: string): string | undefined {
  if (STANDARD.test(name)) return undefined;
  const [domain = '', resource] = name.split('/');
  const fits =
    resource !== undefined && labelKeyProblem(name) === undefined && dnsSubdomainProblem(domain) === undefined;
  return fits && !/(^|\.)kubernetes\.io$/.test(domain) && !domain.startsWith('requests.')
    ? undefined
    : 'expected cpu, memory, ephemeral-storage, hugepages-<size>, or a resource of a device plugin such as example.com/gpu';
}

/** A resource that nodes cannot lend twice: whole numbers, and as much requested as allowed. */
function isCounted(name: string): boolean {
  return name.includes('/') || name.startsWith('hugepages-');
}

/** Thousandths of a byte are accepted by Kubernetes, and never meant. */
function unitProblem(name: string, quantity: string): string | undefined {
  if (parseQuantity(quantity) === 0n || name.includes('/')) return undefined;
  return name === 'cpu' ? cpuProblem(quantity) : bytesProblem(quantity);
}

const QUANTITIES: Values<Quantities> = (quantities, path, problems) => {
  for (const [name, quantity] of Object.entries(quantities)) {
    const at = `${path}.${name}`;
    const problem = nameProblem(name);
    if (problems.touch(at)) continue;
    const unit = unitProblem(name, String(quantity));
    if (problem !== undefined) problems.add(at, problem, name);
    else if (unit !== undefined) problems.add(at, unit, quantity);
    else if (isCounted(name) && parseQuantity(String(quantity)) % 1000n !== 0n)
      problems.add(at, 'expected a whole number', quantity);
  }
};

function compare({ requests = {}, limits = {} }: Requirements, path: string, problems: Problems): void {
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    const at = `${path}.requests.${name}`;
    if (problems.touch(at, `${path}.limits.${name}`)) continue;
    if (limit === undefined && isCounted(name))
      problems.add(at, `needs the same limit; set ${path}.limits.${name}`, request);
    if (limit === undefined) continue;
    const [least, most] = [parseQuantity(String(request)), parseQuantity(String(limit))];
    if (least > most) problems.add(at, `expected at most the limit, which is ${String(limit)}`, request);
    else if (least < most && isCounted(name))
      problems.add(at, `expected the limit, which is ${String(limit)}`, request);
  }
}

function needsCompute({ requests = {}, limits = {} }: Requirements, path: string, problems: Problems): void {
  const names = [...Object.keys(requests), ...Object.keys(limits)];
  const pages = names.find((name) => name.startsWith('hugepages-'));
  if (pages !== undefined && !names.includes('cpu') && !names.includes('memory'))
    problems.add(path, 'huge pages need cpu or memory beside them; set one of them', pages);
}

const CHECKS: FieldValues<Requirements> = {
  requests: QUANTITIES,
  limits: QUANTITIES,
  claims: (claims, path, problems) =>
    problems.add(path, 'needs resourceClaims of the pod, which no prop sets; remove it', claims),
};

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export const RESOURCES: Values<Requirements> = fields(CHECKS, compare, needsCompute);
