import { type Outages, StoreUnreachable } from '../../use-cases/ports.ts';

export interface BreakerOptions {
  /** Asks the store for the least there is. Rejects where that fails or takes too long. */
  readonly probe: () => Promise<unknown>;
  /** Told when the store is given up, with why, and when it is back, with how long it was away. */
  readonly onOpen?: (reason: Error) => void;
  readonly onClose?: (afterMs: number) => void;
  readonly probeEveryMs?: number;
  /** A call that has waited for so long makes the breaker ask, too: some may wait for much longer before they fail. */
  readonly longMs?: number;
}

const PROBE_EVERY_MS = 250;
const LONG_MS = 500;

/** In doubt: a call has failed, and a probe is on its way to find out whether it was only that one. */
type State = 'closed' | 'doubtful' | 'open';

/**
 * Keeps an outage from costing time. A call that fails makes the breaker ask the store itself; if that fails too, the breaker is open:
 * every call is refused at once, those that are still waiting are let go (whether their writes are done is unknown), and only
 * the breaker goes on asking, until the store answers. So no caller ever waits for a probe, and recovery needs no traffic.
 *
 * One slow call among good ones opens nothing: the probe answers.
 */
export class Breaker implements Outages {
  readonly #options: BreakerOptions;
  /** How each call under way is let go, and since when it waits, the oldest first. */
  readonly #waiting = new Map<(error: Error) => void, number>();
  #state: State = 'closed';
  #reason = new StoreUnreachable('the store has not been asked yet');
  #openedAt = 0;
  #count = 0;
  #refused = 0;
  #asking = false;
  #timer: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Also while in doubt: who can do without the store need not wait to see. */
  get isDown(): boolean {
    return this.#state !== 'closed';
  }

  get count(): number {
    return this.#count;
  }

  get refused(): number {
    return this.#refused;
  }

  /** Runs one call to the store. Throws `StoreUnreachable`, at once while the breaker is open. */
  run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#state === 'open') {
      this.#refused += 1;
      return Promise.reject(this.#refusal());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.set(reject, performance.now());
      this.#watch();
      operation()
        .then(resolve, (error: unknown) => {
          reject(error);
          // One that was let go tells of an outage that is known, perhaps over.
          if (error instanceof StoreUnreachable && this.#waiting.has(reject)) this.#doubt(error);
        })
        .finally(() => this.#waiting.delete(reject));
    });
  }

  /** Asks no more. For a store that is being closed. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
  }

  /** Armed while something waits. What is only slow changes nothing: the store answers. */
  #watch(): void {
    if (this.#watchdog !== undefined || this.#stopped) return;
    const { longMs = LONG_MS } = this.#options;
    this.#watchdog = setTimeout(() => {
      this.#watchdog = undefined;
      const [oldest] = this.#waiting.values();
      if (oldest === undefined) return;
      if (performance.now() - oldest >= longMs) {
        this.#reason = new StoreUnreachable(`no answer for ${longMs} ms`);
        this.#ask();
      }
      this.#watch();
    }, longMs / 2);
    this.#watchdog.unref();
  }

  #doubt(reason: StoreUnreachable): void {
    if (this.#state !== 'closed' || this.#stopped) return;
    this.#state = 'doubtful';
    this.#reason = reason;
    this.#ask();
  }

  #ask(): void {
    if (this.#asking || this.#stopped) return;
    this.#asking = true;
    this.#options.probe().then(
      () => this.#answered(true),
      () => this.#answered(false),
    );
  }

  #answered(isThere: boolean): void {
    this.#asking = false;
    if (this.#stopped) return;
    if (isThere) {
      this.#close();
      return;
    }
    if (this.#state !== 'open') this.#open();
    this.#timer = setTimeout(() => this.#ask(), this.#options.probeEveryMs ?? PROBE_EVERY_MS);
    this.#timer.unref();
  }

  #open(): void {
    this.#state = 'open';
    this.#openedAt = performance.now();
    this.#count += 1;
    for (const letGo of this.#waiting.keys()) letGo(this.#refusal());
    this.#waiting.clear();
    this.#options.onOpen?.(this.#reason);
  }

  #close(): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    if (wasOpen) this.#options.onClose?.(performance.now() - this.#openedAt);
  }

  #refusal(): StoreUnreachable {
    return new StoreUnreachable(`the store is down: ${this.#reason.message}`, { cause: this.#reason });
  }
}
