import type { Sample } from '../metrics/metrics.ts';
import { workerReadings } from '../metrics/worker-readings.ts';

/** A worker that does not answer within this is left out: it hangs, and its metrics would be old. */
const WITHIN_MS = 1_000;

/** A worker, as far as it has metrics. */
export interface Sampled {
  readonly number: number;
  ask(id: number): void;
}

/**
 * The metrics of all workers. INVARIANT: what has been counted once is never missing later, also when the worker that counted it has
 * ended: whoever computes a rate would take that for a new beginning. What it counted since it was last asked is lost with it.
 */
export class Gathering {
  readonly #waiting = new Map<number, (number: number, sample: Sample) => void>();
  readonly #last = new Map<number, Sample>();
  /** What those that have ended had counted; one after the other is added. */
  #departed: Promise<Sample> = Promise.resolve([]);
  #deaths = 0;
  #ids = 0;

  /** The metrics of everybody but `asker`, who has given its own along. */
  async gather(asker: number, own: Sample, workers: readonly Sampled[]): Promise<readonly Sample[]> {
    this.#last.set(asker, own);
    const others = workers.filter(({ number }) => number !== asker);
    const found = await this.#ask(others);
    return [...found, await this.#departed, workerReadings(workers.length, this.#deaths)];
  }

  answered(number: number, id: number, sample: Sample): void {
    this.#waiting.get(id)?.(number, sample);
  }

  /** A worker has ended; `died`: without being told to. */
  ended(number: number, died: boolean): void {
    if (died) this.#deaths++;
    const last = this.#last.get(number);
    this.#last.delete(number);
    if (last === undefined) return;
    this.#departed = this.#departed.then((departed) => withCountsOf(last, departed));
  }

  #ask(workers: readonly Sampled[]): Promise<readonly Sample[]> {
    const id = this.#ids++;
    const found = new Map<number, Sample>();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve([...found.values()]);
      };
      const timer = setTimeout(done, WITHIN_MS);
      this.#waiting.set(id, (number, sample) => {
        found.set(number, sample);
        this.#last.set(number, sample);
        if (found.size === workers.length) done();
      });
      if (workers.length === 0) done();
      for (const worker of workers) worker.ask(id);
    });
  }
}

/** `prom-client` is loaded with the first worker that ends: this process answers nobody and needs it for nothing else. */
async function withCountsOf(last: Sample, departed: Sample): Promise<Sample> {
  const { countsOf, together } = await import('../metrics/metrics.ts');
  return together([departed, countsOf(last)]);
}
