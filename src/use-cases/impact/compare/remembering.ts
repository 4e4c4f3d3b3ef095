import type { Difference } from './difference.ts';
import type { Position } from './position.ts';
import type { Reads } from './reads.ts';

/** Compares one perk or one action for one member. `position` has the number `number`. */
export type Compare = (position: Position, number: number) => Difference;

/** When so much is remembered, all of it is forgotten: members who are alike nearly always are so in few ways. */
const MOST_REMEMBERED = 50_000;

/**
 * The same comparison, made once for all members who are alike in everything that it reads. INVARIANT: `reads` with the number of the
 * position is all that `compare` depends on; a property test compares with a reference that remembers nothing.
 */
export function remembering(reads: Reads, compare: (position: Position) => Difference): Compare {
  if (reads === null) return compare;
  const known = new Map<string, Difference>();
  return (position, number) => {
    let key = `${number}`;
    for (const read of reads) key += ` ${read(position)}`;
    let difference = known.get(key);
    if (difference === undefined) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      difference = compare(position);
      known.set(key, difference);
    }
    return difference;
  };
}
