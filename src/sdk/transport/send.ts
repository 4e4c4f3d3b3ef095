import { PerkbookError } from '../perkbook-error.ts';
import type { Settings } from '../settings.ts';
import { attemptOf, type Json, type Message } from './attempt.ts';
import type { Crowd } from './crowd.ts';
import { pause } from './pause.ts';
import { longestDelay, retryDelay } from './retry-delay.ts';
import { withKey } from './with-key.ts';
import { withPatience } from './with-patience.ts';

/** Half of the time of a call, so that another attempt has as much. */
const SHARE = 0.5;
/** A server whose store does not answer takes half a second over a question: giving it up sooner would ask twice for nothing. */
const LEAST_PATIENCE_MS = 600;

/** From this look on, waits no longer grow: they are up to 0.4 seconds, because a look is no load for who is not there. */
const LAST_LOOK = 2;

/**
 * Sends a message until it is answered, as long as somebody waits: a server that is busy, away or silent and a lost connection
 * are tried again a few times, and one that may be starting again for as long as that may take. INVARIANT: whatever is sent may
 * arrive twice, since an answer can be lost; every message is a question, or carries a key under which it counts once. Throws
 * `PerkbookError`s.
 */
export async function send(message: Message, crowd: Crowd, settings: Settings): Promise<Json> {
  const { retries, breather, absence } = settings;
  const renewals = { left: 1 };
  let patience = settings.attemptTimeout;
  /** How many attempts have failed, and how many others have found nobody there. */
  let failed = 0;
  let looks = 0;
  for (;;) {
    await breather.take(crowd);
    patience ??= Math.max(LEAST_PATIENCE_MS, (crowd.deadline - performance.now()) * SHARE);
    const attemptsTime = {
      ms: patience,
      // The last attempt has all the time that is left.
      mayGiveUp: () => failed < retries && isThereIn(longestDelay(failed), crowd),
    };
    try {
      const answer = await withKey(settings, renewals, async (key) => {
        // Another call may have been told to wait while the key was fetched.
        await breather.take(crowd);
        return withPatience(attemptsTime, crowd.signal, (signal) => attemptOf(message, key, signal, settings));
      });
      absence.end();
      return answer;
    } catch (error) {
      if (!(error instanceof PerkbookError)) throw error;
      breather.note(error);
      const mayBeRestart = retries > 0 && absence.mayBeRestart(error);
      if (!isPassing(error) || (!mayBeRestart && failed >= retries)) throw error;
      const delay = mayBeRestart
        ? retryDelay(Math.min(looks++, LAST_LOOK), undefined)
        : retryDelay(failed++, error.retryAfter);
      // Nobody would be there to hear it: what is known now is worth more than a time-out.
      if (!isThereIn(delay, crowd)) throw error;
      await pause(delay, crowd.signal);
    }
  }
}

/** Whether somebody will still wait then. */
function isThereIn(ms: number, { isGone, deadline }: Crowd): boolean {
  return !isGone && performance.now() + ms < deadline;
}

/** Busy, away or silent: 502 and 504 are a proxy's words for a lost connection. */
function isPassing({ kind, isOutage, status = 0 }: PerkbookError): boolean {
  return isOutage && (kind === 'network' || kind === 'timeout' || [429, 502, 503, 504].includes(status));
}
