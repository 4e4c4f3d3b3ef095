import { LRUCache } from 'lru-cache';

export interface BucketSize {
  /** How much may be taken at once. */
  readonly most: number;
  /** In how long an empty bucket is full again. */
  readonly fillsInMs: number;
}

interface Bucket {
  level: number;
  at: number;
}

/** Names that nobody has used for long are full buckets, which need no memory. */
const MOST_NAMES = 10_000;

/**
 * A bucket for each name, which fills evenly. What asks for much at once is let in while nothing is owed, and may take more than there
 * is: whoever comes next waits for it. So nothing is too large ever to be asked for. INVARIANT: no more is owed than one such costs,
 * however many come at once.
 */
export class Buckets {
  readonly #size: BucketSize;
  readonly #elapsed: () => number;
  readonly #buckets = new LRUCache<string, Bucket>({ max: MOST_NAMES });

  /** `elapsed`: milliseconds on a clock that never goes back. */
  constructor(size: BucketSize, elapsed: () => number = () => performance.now()) {
    this.#size = size;
    this.#elapsed = elapsed;
  }

  /** Takes one; 0, or how many milliseconds to wait where the bucket is empty. */
  take(name: string): number {
    const bucket = this.#filled(name);
    if (bucket.level < 1) return this.#untilOne(bucket);
    bucket.level -= 1;
    return 0;
  }

  /** Takes so many, whether they are there or not; where something is owed already it takes nothing, and says how long to wait. */
  owe(name: string, amount: number): number {
    const bucket = this.#filled(name);
    if (bucket.level < 0) return this.#untilOne(bucket);
    bucket.level -= amount;
    return 0;
  }

  #untilOne({ level }: Bucket): number {
    return (1 - level) * (this.#size.fillsInMs / this.#size.most);
  }

  #filled(name: string): Bucket {
    const { most, fillsInMs } = this.#size;
    const now = this.#elapsed();
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { level: most, at: now };
      this.#buckets.set(name, bucket);
      return bucket;
    }
    bucket.level = Math.min(most, bucket.level + ((now - bucket.at) * most) / fillsInMs);
    bucket.at = now;
    return bucket;
  }
}
