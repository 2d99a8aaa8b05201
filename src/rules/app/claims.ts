import type { AppContent, ProblemsAt } from './content';
import { memberClaims } from './members';

/** A job must not mount the data of a member. */
export function checkClaims({ clusters, claims }: AppContent, problemsAt: ProblemsAt): void {
  if (claims.length === 0) return;
  const members = new Map(
    clusters.flatMap(({ path, config }) => memberClaims(config).map((name) => [`${config.namespace}/${name}`, path])),
  );
  for (const { path, prop, namespace, name } of claims) {
    const cluster = members.get(`${namespace}/${name}`);
    if (cluster !== undefined)
      problemsAt(path).add(prop, `is the claim of a member of ${cluster}; use a claim for snapshots only`, name);
  }
}
