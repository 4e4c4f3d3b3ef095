import type { Instant } from '../domain/instant.ts';

const DAY = 86_400_000;
/** A log in use is never silent for so long: what lies between is a clock that was set ahead, or a rest. */
const LEAP = 2 * DAY;
/** After so long a leap is believed: whoever looks after a machine has put its clock right before. */
const BELIEVED_AFTER = DAY;

/** For so long a clock was seen to go on. */
export interface Run {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The present as far as something is deleted by it: what a clock that was wrong has deleted does not come back. `since`: from then on the
 * clock is known to have gone on without a leap; `runs`: what is known from before, in any order.
 *
 * After a leap it is the last instant before the leap, until the clock has gone on from there for a day.
 */
export function believedNow(now: Instant, since: Instant, runs: Iterable<Run>): Instant {
  let known = Math.min(since, now);
  for (const { from, to } of [...runs].sort((a, b) => b.to - a.to)) {
    if (known - to > LEAP) return now - known >= BELIEVED_AFTER ? now : to;
    known = Math.min(known, from);
  }
  return now;
}

/** Whether an instant is of a clock that was ahead. */
export function isAhead(at: Instant, now: Instant): boolean {
  return at > now + LEAP;
}

/** The clock of this process, which notices when it is set: the time that has passed says what it should be. */
export class BelievedClock {
  #since: Instant = Date.now();
  #passed = performance.now();

  now(runs: Iterable<Run>): Instant {
    const [now, passed] = [Date.now(), performance.now()];
    if (Math.abs(now - this.#since - (passed - this.#passed)) > LEAP) {
      this.#since = now;
      this.#passed = passed;
    }
    return believedNow(now, this.#since, runs);
  }
}
