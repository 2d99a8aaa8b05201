import { parseQuantity, quantityProblem } from '../../grammar/quantity';
import type { Context } from '../context';
import type { PlainObject } from '../expression';
import { presetResources } from '../presets';
import { isMap, type Json, type JsonObject } from '../json';

const KNOWN = ['cpu', 'memory', 'ephemeral-storage'];

/** Resources of a job, if the file sets them. The library's jobs verify snapshots, and need more than the chart's. */
export function jobResources(c: Context, section: string): PlainObject | undefined {
  const isSet = ['resources', 'resourcesPreset'].some((name) => c.values.differs(`${section}.${name}`));
  return isSet ? resources(c, `${section}.`) : undefined;
}

/** Kubernetes' resources as EtcdResources: CPU unchanged, memory as both request and limit. */
export function resources(c: Context, section: string): PlainObject {
  const parameter = `${section}resources`;
  const preset = `${section}resourcesPreset`;
  const given = c.values.map(parameter);
  const fromPreset = Object.keys(given).length === 0;
  const source = fromPreset ? presetResources(c.values.text(preset)) : given;
  for (const key of Object.keys(source))
    if (key !== 'requests' && key !== 'limits') c.refuse(parameter, `${key}: expected requests and limits only`);
  const requests = read(c, parameter, source, 'requests');
  const limits = read(c, parameter, source, 'limits');
  const memory = limits.memory ?? requests.memory;
  const where = fromPreset ? preset : parameter;
  if (memory === undefined) {
    c.change('differs', where, 'sets no memory; the library’s default becomes request and limit');
  } else if (limits.memory === undefined) {
    c.change('differs', where, `memory had no limit; ${memory} also becomes the limit: raise it if members use more`);
  } else if (requests.memory !== undefined && parseQuantity(requests.memory) !== parseQuantity(limits.memory)) {
    c.change(
      'safer',
      where,
      `memory: the request becomes ${memory}, the same as the limit (it was ${requests.memory}): first check that each ` +
        'node has enough memory, or a member that restarts stays Pending',
    );
  }
  return {
    cpuRequest: requests.cpu ?? limits.cpu, // as in Kubernetes
    cpuLimit: limits.cpu,
    memory,
    ephemeralStorageRequest: requests['ephemeral-storage'] ?? limits['ephemeral-storage'],
    ephemeralStorageLimit: limits['ephemeral-storage'],
  };
}

function read(
  c: Context,
  parameter: string,
  source: JsonObject,
  kind: string,
): { readonly [name: string]: string | undefined } {
  const part: Json = source[kind] ?? {};
  if (!isMap(part)) {
    c.refuse(parameter, `${kind}: expected a map`);
    return {};
  }
  return Object.fromEntries(
    Object.entries(part).flatMap(([name, value]) => {
      if (value === null) return [];
      const quantity = typeof value === 'object' ? '' : String(value);
      const problem = KNOWN.includes(name) ? quantityProblem(quantity) : `expected one of ${KNOWN.join(', ')}`;
      if (problem !== undefined) c.refuse(parameter, `${kind}.${name}: ${problem}`);
      return problem === undefined ? [[name, quantity]] : [];
    }),
  );
}
