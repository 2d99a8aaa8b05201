import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Problems } from '../checks/problems';
import { checkApp } from '../rules/app';
import type { AppCluster, AppContent, AppObject, UsedClaim } from '../rules/app/content';
import { isReadByHelm } from './helm';
import type { IEtcdCluster } from './interfaces';

/** A construct of this library, with its cluster and the claims that it uses and does not create. */
interface Member {
  readonly cluster: IEtcdCluster;
  readonly claims: readonly Pick<UsedClaim, 'prop' | 'name'>[];
}

const members = new WeakMap<IConstruct, Member>();
const leftOut = new WeakSet<IConstruct>();
const emitted = new WeakSet<ApiObject>();
/** What was found in each app. */
const found = new WeakMap<IConstruct, Found>();

interface Found {
  readonly constructs: readonly IConstruct[];
  /** Whether everything that was looked at stays as it is. Objects of the user can be patched. */
  readonly isLasting: boolean;
  /** By the path of the construct. */
  readonly problems: ReadonlyMap<string, Problems>;
}

/**
 * Makes a construct part of the checks of the whole app. The app is validated before its
 * constructs, and finds what they report.
 */
export function joinApp(construct: IConstruct, cluster: IEtcdCluster, claims: Member['claims'] = []): void {
  members.set(construct, { cluster, claims });
  const { root } = construct.node;
  if (!found.has(root)) {
    found.set(root, { constructs: [], isLasting: false, problems: new Map() });
    root.node.addValidation({
      validate: () => {
        found.set(root, check(root, found.get(root)));
        return [];
      },
    });
  }
  construct.node.addValidation({ validate: () => found.get(root)?.problems.get(construct.node.path)?.messages ?? [] });
}

/** A cluster whose name is not known, because it has a problem of its own: it clashes with nothing. */
export function leaveOut(cluster: IConstruct): void {
  leftOut.add(cluster);
}

/** An object that this library creates, and not the user below a construct of this library. */
export function markEmitted(object: ApiObject): void {
  emitted.add(object);
}

/** App validates everything again for each chart that it writes: what is known by then is not looked for again. */
function check(root: IConstruct, before: Found | undefined): Found {
  const constructs = root.node.findAll();
  if (before?.isLasting && isSame(before.constructs, constructs)) return before;
  const problems = new Map<string, Problems>();
  const content = { ...contentOf(constructs), isHelm: isReadByHelm(root) };
  checkApp(content, (path) => {
    const at = problems.get(path) ?? new Problems();
    problems.set(path, at);
    return at;
  });
  return { constructs, isLasting: content.objects.every(({ cluster }) => cluster !== undefined), problems };
}

function isSame(before: readonly IConstruct[], now: readonly IConstruct[]): boolean {
  return before.length === now.length && now.every((construct, i) => construct === before[i]);
}

function contentOf(constructs: readonly IConstruct[]): Omit<AppContent, 'isHelm'> {
  const clusters: AppCluster[] = [];
  const objects: AppObject[] = [];
  const claims: UsedClaim[] = [];
  for (const construct of constructs) {
    if (construct instanceof ApiObject) {
      const cluster = emitted.has(construct) ? clusterOf(construct.node.scope) : undefined;
      if (cluster === undefined || !leftOut.has(cluster)) objects.push(objectOf(construct, cluster));
      continue;
    }
    const member = members.get(construct);
    if (member === undefined || leftOut.has(member.cluster)) continue;
    const { path } = construct.node;
    if (member.cluster === construct) clusters.push({ path, config: member.cluster._config });
    claims.push(...member.claims.map((claim) => ({ path, namespace: member.cluster.namespace, ...claim })));
  }
  return { clusters, objects, claims };
}

function clusterOf(construct: IConstruct | undefined): IEtcdCluster | undefined {
  return construct && members.get(construct)?.cluster;
}

function objectOf(object: ApiObject, cluster: IEtcdCluster | undefined): AppObject {
  const owner = cluster === undefined ? object : object.node.scope;
  return {
    group: object.apiGroup,
    kind: object.kind,
    namespace: object.metadata.namespace,
    name: object.name,
    path: owner?.node.path ?? '',
    cluster: cluster?.node.path,
    toJson: () => object.toJson(),
  };
}
