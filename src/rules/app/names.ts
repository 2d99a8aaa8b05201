import type { AppContent, AppObject, ProblemsAt } from './content';
import { createdForCluster, secretOf } from './members';

interface Clash {
  /** Of this library. */
  readonly object: AppObject;
  readonly other: AppObject;
}

/** Two objects of one name: the second would replace the first. */
export function checkNames(content: AppContent, problemsAt: ProblemsAt): void {
  const { clusters: all, objects } = content;
  const clashes = clashesOf([...all.flatMap(createdForCluster), ...objects, ...objects.flatMap(secretOf)]);
  const alike = new Set(clashes.filter(isOfMembers).map(clusters));
  const told = clashes.filter((clash) => isOfMembers(clash) || !alike.has(clusters(clash)));
  const groups = new Map<string, Clash[]>();
  for (const clash of told) {
    const pair = `${clash.object.path} ${clash.other.path}`;
    groups.set(pair, [...(groups.get(pair) ?? []), clash]);
  }
  for (const group of groups.values()) report(group, problemsAt);
}

function clashesOf(objects: readonly AppObject[]): Clash[] {
  const first = new Map<string, AppObject>();
  return objects.flatMap((object) => {
    if (object.namespace === undefined) return [];
    const key = `${object.group} ${object.kind} ${object.namespace}/${object.name}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, object);
    if (other === undefined || isAllowed(object, other)) return [];
    return [object.cluster === undefined ? { object: other, other: object } : { object, other }];
  });
}

function isAllowed(object: AppObject, other: AppObject): boolean {
  if (object.cluster === undefined && other.cluster === undefined) return true; // both are the user's
  if (object.path === other.path) return true;
  // A claim that exists before its member is how existing volumes are used.
  return other.kind === 'PersistentVolumeClaim' && other.why !== undefined && object.cluster === undefined;
}

function isOfMembers({ object, other }: Clash): boolean {
  return object.kind === 'StatefulSet' && other.cluster !== undefined;
}

function clusters({ object, other }: Clash): string {
  return `${object.cluster} ${other.cluster}`;
}

/** One problem for two constructs, however many objects they have in common. */
function report(clashes: readonly Clash[], problemsAt: ProblemsAt): void {
  const clash = clashes.find(isOfMembers) ?? clashes[0];
  if (clash === undefined) return;
  const { object, other } = clash;
  const why = other.why ?? object.why;
  const by = [other.path, why, clashes.length > 1 && `with ${clashes.length - 1} more`].filter(Boolean).join(', ');
  problemsAt(object.path).add(
    `${object.kind} ${object.namespace}/${object.name}`,
    `is also created by ${by}; choose another name, or use an app for each Kubernetes cluster`,
  );
}
