import { PerkbookError } from '../perkbook-error.ts';
import type { Crowd } from './crowd.ts';
import { pause } from './pause.ts';
import { retryDelay } from './retry-delay.ts';

/**
 * What a server that was asked too much said to one call of a client holds for all of them: until then nothing is sent. Only 429
 * is about who asks; a 503 may be about one question, and the others must not fail with it.
 */
export class Breather {
  #said: PerkbookError | undefined;
  /** On the clock of `performance.now`. INVARIANT: the latest end that the server has named. */
  #until = 0;

  note(error: PerkbookError): void {
    if (error.status !== 429 || !error.isOutage || error.retryAfter === undefined) return;
    const until = performance.now() + error.retryAfter;
    if (until <= this.#until) return;
    this.#said = error;
    this.#until = until;
  }

  /** Waits until the server may be asked. Throws what it said where nobody would be there by then. */
  async take(crowd: Crowd): Promise<void> {
    if (this.#rest === 0) return;
    // Whoever asks joins the crowd after the call.
    await null;
    // Again after each pause: another call may have been told of a later end.
    while (this.#rest > 0) {
      const delay = retryDelay(0, this.#rest);
      if (crowd.isGone || performance.now() + delay >= crowd.deadline) throw this.#refusal();
      await pause(delay, crowd.signal);
    }
  }

  get #rest(): number {
    return Math.max(0, this.#until - performance.now());
  }

  #refusal(): PerkbookError {
    const { message = 'asked too much', code, requestId } = this.#said ?? {};
    // Not rounded up: it is noted as what a server says, and must not put off the end.
    const retryAfter = Math.floor(this.#rest);
    return new PerkbookError('problem', message, { status: 429, code, requestId, retryAfter, cause: this.#said });
  }
}
