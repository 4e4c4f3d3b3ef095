import type { Instant } from '../../domain/instant.ts';
import type { Version } from '../../rules/rule-set.ts';
import { startingAt } from '../../rules/starting-at.ts';
import { type Succession, succeeding } from './succession.ts';

export interface ImpactQuestion {
  readonly succession: Succession;
  readonly at: Instant;
  /** When the candidate starts by its file; absent: as it says itself. */
  readonly startsAt?: Instant;
  /** An instant before `at` for which the same is counted beside it: the one that publishing judges at. */
  readonly today?: Instant;
}

/**
 * What a candidate does to members as they stand at `at`: whatever starts later judges as if it had started then, the versions before the
 * candidate too, so that only what the candidate itself changes is counted. At its own start most of today's terms may be over, and who has
 * none has nothing to lose. `now`: where that is earlier, what publishing would count is counted beside it.
 */
export function questionAt(succession: Succession, at: Instant, now: Instant = at): ImpactQuestion {
  const { before, candidate } = succession;
  const startsAt = candidate.from;
  const startedBy = (version: Version) => (version.from > at ? startingAt(version, at) : version);
  const [first, ...later] = before.versions;
  // The first judges also what was before it.
  const versions = first === undefined ? [] : [first, ...later.map(startedBy)];
  const started = startsAt > at ? succeeding({ id: before.id, versions }, startedBy(candidate)) : undefined;
  return { succession: started ?? succession, at, startsAt, ...(now < at ? { today: now } : {}) };
}
