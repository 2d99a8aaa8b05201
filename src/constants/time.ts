/** Larger units, in seconds. */
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;
export const WEEK = 604_800;
export const YEAR = 31_536_000;

/** A CA of a cluster's own. It is renewed when a third of this is left, and what it issues must expire before it does. */
export const CA_LIFETIME = 10 * YEAR;
