const EVERY_MS = 2_000;
/** INVARIANT: questions are counted, not seconds: a machine that slept has asked nobody meanwhile. */
const MOST_UNANSWERED = 5;

/** For how long one may be silent. */
export const SILENT_FOR_S = (EVERY_MS * MOST_UNANSWERED) / 1_000;

export interface PulseOptions<T> {
  /** Asks one whether it is still there; `heard` is its answer. */
  readonly ask: (one: T) => void;
  /** Told once of one that has not answered for long. */
  readonly onSilent: (one: T) => void;
}

/** Finds out who hangs: is there, and does nothing any more. */
export class Pulse<T> {
  readonly #options: PulseOptions<T>;
  readonly #unanswered = new Map<T, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: PulseOptions<T>) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), EVERY_MS);
    this.#timer.unref();
  }

  follow(one: T): void {
    this.#unanswered.set(one, 0);
  }

  heard(one: T): void {
    if (this.#unanswered.has(one)) this.#unanswered.set(one, 0);
  }

  leave(one: T): void {
    this.#unanswered.delete(one);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    for (const [one, unanswered] of this.#unanswered) {
      if (unanswered < MOST_UNANSWERED) {
        this.#unanswered.set(one, unanswered + 1);
        this.#options.ask(one);
        continue;
      }
      this.leave(one);
      this.#options.onSilent(one);
    }
  }
}
