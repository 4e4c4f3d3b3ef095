import type { Instant } from '../domain/instant.ts';

/** The earlier of two instants; null is never. */
export function earliest(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null) return b;
  if (b === null) return a;
  return a < b ? a : b;
}
