import type { Problems } from '../checks/problems';

/** When a certificate is renewed. */
interface Renewal {
  readonly lifetimeSeconds: number;
  readonly renewBeforeSeconds: number;
}

/** @param path the option `renewBefore` */
export function checkRenewal({ lifetimeSeconds, renewBeforeSeconds }: Renewal, path: string, problems: Problems): void {
  if (renewBeforeSeconds >= lifetimeSeconds)
    problems.add(
      path,
      `expected less than the lifetime of ${lifetimeSeconds} seconds; use a third of it`,
      `${renewBeforeSeconds} seconds`,
    );
}
