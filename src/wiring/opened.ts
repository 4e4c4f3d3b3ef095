/**
 * What has been opened, to be closed at once: what each waits for may be the same server that does not answer. INVARIANT: no part needs
 * another one to close, once nobody asks any more.
 */
export class Opened {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Throws the first failure, when all have been tried. */
  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.#closers.splice(0).map((close) => close()));
    for (const each of closed) if (each.status === 'rejected') throw each.reason;
  }
}
