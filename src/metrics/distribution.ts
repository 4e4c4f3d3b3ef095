/** How often a duration fell into which bucket. Plain numbers, because one is noted with every request. */
export class Distribution {
  /** The upper bounds of the buckets in seconds, rising. */
  readonly bounds: readonly number[];
  /** One for each bound and one for what is above the last, each without those below it. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  note(seconds: number): void {
    const { bounds } = this;
    let bucket = 0;
    // From the fastest on, where nearly all of them are.
    while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#sum += seconds;
  }

  get sum(): number {
    return this.#sum;
  }

  /** As Prometheus has them: each with all those below it, the last is `+Inf`. */
  get cumulative(): readonly number[] {
    let total = 0;
    return Array.from(this.#counts, (count) => {
      total += count;
      return total;
    });
  }
}
