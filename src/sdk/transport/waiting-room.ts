import { misuse, PerkbookError } from '../perkbook-error.ts';
import type { Crowd } from './crowd.ts';

/** How long one caller waits, in milliseconds, and what makes it stop. */
export interface Caller {
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Where the callers of one client wait for answers. */
export class WaitingRoom {
  /** What sends each of them away. */
  readonly #waiting = new Set<(error: PerkbookError) => void>();
  #isClosed = false;

  /** Throws `aborted` or `misuse` where there is nothing to wait for from the start: nothing is sent then. */
  admit({ signal }: Caller): void {
    if (this.#isClosed) throw misuse('the client is closed');
    if (signal !== undefined && !isSignal(signal)) throw misuse('`signal` must be an `AbortSignal`');
    if (signal?.aborted === true) throw calledOff(signal);
  }

  /**
   * Waits for `outcome` as long as the caller does, as one of each of these crowds. Throws a `PerkbookError`, `timeout` or `aborted`, when the
   * caller has had enough.
   */
  wait<T>(crowds: Iterable<Crowd>, { timeout, signal }: Caller, outcome: Promise<T>): Promise<T> {
    const joined = [...crowds];
    const deadline = performance.now() + timeout;
    for (const crowd of joined) crowd.enter(deadline);
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        // Once: an answer may come after its caller has left.
        if (!this.#waiting.delete(giveUp)) return;
        for (const crowd of joined) crowd.leave();
      };
      const giveUp = (error: PerkbookError) => {
        leave();
        reject(error);
      };
      const onAbort = () => giveUp(calledOff(signal));
      // Holds the process: somebody waits, and the request may hold nothing by itself.
      const timer = setTimeout(() => giveUp(new PerkbookError('timeout', `no answer within ${timeout} ms`)), timeout);
      this.#waiting.add(giveUp);
      outcome.then(resolve, reject).finally(leave);
      signal?.addEventListener('abort', onAbort);
    });
  }

  /** Sends everybody away, and admits nobody any more. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#waiting) giveUp(new PerkbookError('aborted', 'the client was closed'));
  }
}

/** By what it does: there are other signals than those of the platform. */
function isSignal({ aborted, addEventListener, removeEventListener }: Partial<AbortSignal>): boolean {
  const does = [addEventListener, removeEventListener].every((each) => typeof each === 'function');
  return does && typeof aborted === 'boolean';
}

function calledOff(signal: AbortSignal | undefined): PerkbookError {
  return new PerkbookError('aborted', 'the caller called it off', { cause: signal?.reason });
}
