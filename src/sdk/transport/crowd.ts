/**
 * Those who wait for one request. Each waits as long as it likes; the request goes on until its last caller has gone, and is then called
 * off.
 */
export class Crowd {
  readonly #controller = new AbortController();
  #size = 0;
  #deadline = 0;

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether everybody has left: too late to join. */
  get isGone(): boolean {
    return this.#controller.signal.aborted;
  }

  /** By when the most patient caller will have gone, on the clock of `performance.now`. */
  get deadline(): number {
    return this.#deadline;
  }

  enter(deadline: number): void {
    this.#size += 1;
    this.#deadline = Math.max(this.#deadline, deadline);
  }

  leave(): void {
    this.#size -= 1;
    if (this.#size === 0) this.#controller.abort();
  }
}
