import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

// The library's own source of randomness is asked for one byte at a time, which costs more than a decision.
const pool = new Uint8Array(4096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return (pool[used++] ?? 0) / 256;
}

/** A ULID: unique, and later ones sort after earlier ones. */
export const newDecisionId: () => string = monotonicFactory(random);
