/**
 * One line per member: work for the same id runs one after the other, in the order in which it came; different ids do
 * not wait for each other. A line exists only while somebody stands in it.
 */
export class MemberQueue {
  readonly #lastInLine = new Map<string, Promise<unknown>>();

  run<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lastInLine.get(id);
    const mine = before === undefined ? work() : before.then(work);
    // INVARIANT: what the next one waits for never rejects; each caller gets only their own failure.
    const done = mine.then(ignore, ignore).then(() => {
      if (this.#lastInLine.get(id) === done) this.#lastInLine.delete(id);
    });
    this.#lastInLine.set(id, done);
    return mine;
  }

  /** How many members have a line now. */
  get size(): number {
    return this.#lastInLine.size;
  }
}

function ignore(): void {}
