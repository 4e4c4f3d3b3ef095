/** How often three short texts came together. Maps in maps: looking them up costs less than putting them together. */
export class Tally<Last extends string | null> {
  readonly #counters = new Map<string, Map<string, Map<Last, { count: number }>>>();

  note(first: string, second: string, last: Last): void {
    const counter = this.#counters.get(first)?.get(second)?.get(last) ?? this.#begin(first, second, last);
    counter.count++;
  }

  *[Symbol.iterator](): Generator<readonly [first: string, second: string, last: Last, count: number]> {
    for (const [first, seconds] of this.#counters) {
      for (const [second, lasts] of seconds) {
        for (const [last, { count }] of lasts) yield [first, second, last, count];
      }
    }
  }

  #begin(first: string, second: string, last: Last): { count: number } {
    const seconds = this.#counters.get(first) ?? new Map<string, Map<Last, { count: number }>>();
    this.#counters.set(first, seconds);
    const lasts = seconds.get(second) ?? new Map<Last, { count: number }>();
    seconds.set(second, lasts);
    const counter = { count: 0 };
    lasts.set(last, counter);
    return counter;
  }
}
