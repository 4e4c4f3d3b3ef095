import type { PerkbookError } from '../perkbook-error.ts';
import { codeOf } from './reason-of.ts';

/** How long a server may take to start again, in milliseconds. */
const RESTART_MS = 10_000;
/** No connection was made, so nothing was sent. A browser does not tell. */
const NOBODY_THERE: readonly (string | undefined)[] = [
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/**
 * Since when nobody is there, for all calls of a client. At first that may be a restart, which is worth waiting for: it costs the
 * server nothing to be looked for. Later it is an outage, in which callers must not wait for what does not come.
 */
export class Absence {
  #since = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** Takes in what an attempt failed with, and says whether it was in vain because the server may be starting again. */
  mayBeRestart(error: PerkbookError): boolean {
    if (error.kind !== 'network' || !NOBODY_THERE.includes(codeOf(error.cause))) {
      // Others fail before the network does. Who has a status was answered.
      if (error.status !== undefined) this.end();
      return false;
    }
    const now = performance.now();
    // Who asks seldom does not know whether it was away all the time.
    if (now - this.#last > RESTART_MS) this.#since = now;
    this.#last = now;
    return now - this.#since <= RESTART_MS;
  }

  end(): void {
    this.#last = Number.NEGATIVE_INFINITY;
  }
}
