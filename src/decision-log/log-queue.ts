import type { Instant } from '../domain/instant.ts';
import { withoutClaims } from './entry/left-out.ts';
import { toLogEntry } from './entry/to-log-entry.ts';
import type { UserKeys } from './keys/user-keys.ts';
import type { LogQueueOptions } from './log-queue-options.ts';
import type { Sink } from './sinks/sink.ts';
import type { ToLog } from './to-log.ts';
import { nextTurn, settledWithin, sleep } from './turns.ts';
import { type Names, sized, usersIn, type Waiting } from './waiting.ts';

/** What has become of answers, as plain numbers that change. */
export interface LogCounts {
  /** Will be written. */
  readonly waiting: number;
  readonly written: number;
  /** Never written: too many waited, or nothing could take them. */
  readonly dropped: number;
  /** Attempts to write that failed; what they were about is tried again. */
  readonly failed: number;
}

/**
 * So many become text in one go: about half a millisecond, for which no answer notices a wait. Others have a turn only where more wait: an
 * answer that waits keeps all that it was made from, and moving that about cost more than writing it down.
 */
const AT_ONCE = 100;
/** Or as many as in this time, because some are large. */
const AT_ONCE_MS = 2;
/** So many are written at a time: each time costs something, and wakes somebody. */
const MOST_AT_A_TIME = 1000;
/** By more nobody corrects a clock that was right. */
const MOST_CORRECTED_MS = 5000;
/** A sink that fails while the server stops is asked again this soon. */
const RETRY_AT_CLOSE_MS = 50;

/**
 * Answers on their way into the log. INVARIANT: nothing here changes an answer or makes it wait: all that happens before it goes out is
 * that it is put in line. What comes while too much waits is dropped, and counted.
 */
export class LogQueue<Formed = unknown> implements LogCounts {
  readonly #sink: Sink<Formed>;
  readonly #keys: UserKeys;
  readonly #options: Required<LogQueueOptions>;
  #waiting: Waiting[] = [];
  /** So many of them, the first ones, have their names. */
  #named = 0;
  #bytes = 0;
  #formed: readonly Formed[] = [];
  #written = 0;
  #dropped = 0;
  #failed = 0;
  #lastTime = 0;
  #work: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(sink: Sink<Formed>, keys: UserKeys, options: LogQueueOptions) {
    this.#sink = sink;
    this.#keys = keys;
    this.#options = { mostWaiting: 20_000, mostBytes: 64 * 1_048_576, gatherMs: 10, retryMs: 1000, ...options };
  }

  /** Answers that will be written. */
  get waiting(): number {
    return this.#waiting.length + this.#formed.length;
  }

  get written(): number {
    return this.#written;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Puts an answer in line. Never throws. */
  add(answer: ToLog): void {
    const { told, size } = sized(answer);
    const { mostWaiting, mostBytes } = this.#options;
    if (this.#closing || this.#waiting.length >= mostWaiting || this.#bytes + size > mostBytes) {
      this.#dropped++;
      return;
    }
    const now = Date.now();
    // The order stays, whatever corrects the clock. Set back by more, it was wrong before: what is told from now on has its real time.
    if (now > this.#lastTime || now < this.#lastTime - MOST_CORRECTED_MS) this.#lastTime = now;
    this.#waiting.push({ told, time: this.#lastTime, size });
    this.#bytes += size;
    if (this.#work === undefined && this.#timer === undefined) this.#later(this.#options.gatherMs);
  }

  /** Writes what waits, for so long at most; what is left then is dropped. Nothing is taken any more. */
  async close(withinMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const deadline = performance.now() + withinMs;
    while (this.waiting > 0 && performance.now() < deadline) {
      const failed = this.#failed;
      await settledWithin(this.#work ?? this.#start(), deadline - performance.now());
      if (this.#failed > failed) await sleep(RETRY_AT_CLOSE_MS);
    }
    this.#dropped += this.waiting;
    this.#waiting = [];
    this.#named = 0;
    this.#formed = [];
    await this.#sink.close();
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#start();
    }, ms);
    this.#timer.unref();
  }

  /** One at a time: the order stays, and a sink that is slow gets no second batch. */
  #start(): Promise<void> {
    this.#work ??= this.#writeAll().finally(() => {
      this.#work = undefined;
    });
    return this.#work;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.waiting > 0) {
        // Also what cannot be written for long has its names soon: who is forgotten meanwhile gets no new key for it.
        while (this.#named < this.#waiting.length) {
          await this.#nameSome();
          if (this.#named < this.#waiting.length) await nextTurn();
        }
        while (this.#named > 0 && this.#formed.length < MOST_AT_A_TIME) {
          this.#formed = [...this.#formed, ...this.#formSome()];
          if (this.#named > 0) await nextTurn();
        }
        if (this.#formed.length === 0) continue;
        const { done, dropped } = await this.#sink.write(this.#formed);
        this.#written += done - dropped;
        this.#dropped += dropped;
        this.#formed = this.#formed.slice(done);
      }
    } catch (error) {
      this.#failed++;
      this.#options.onFailure(error);
      if (!this.#closing) this.#later(this.#options.retryMs);
    }
  }

  /** Throws, with nothing named, where the users cannot be hashed. */
  async #nameSome(): Promise<void> {
    const some = this.#waiting.slice(this.#named, this.#named + AT_ONCE);
    const asked = some.map(({ told, time }) => usersIn(told).map((user) => ({ user, time })));
    const pseudonyms = await this.#keys.pseudonymsOf(asked.flat());
    if (this.#waiting[this.#named] !== some[0]) return;
    let next = 0;
    some.forEach((each, index) => {
      const [pseudonym = '', ofResource] = pseudonyms.slice(next, next + (asked[index]?.length ?? 0));
      next += asked[index]?.length ?? 0;
      each.names = { pseudonym, ofResource };
    });
    this.#named += some.length;
  }

  #formSome(): readonly Formed[] {
    const until = performance.now() + AT_ONCE_MS;
    const formed: Formed[] = [];
    let taken = 0;
    for (const each of this.#waiting) {
      if (each.names === undefined || taken === AT_ONCE || (taken > 0 && performance.now() > until)) break;
      taken++;
      this.#bytes -= each.size;
      formed.push(...this.#form(each.told, each.time, each.names));
    }
    this.#waiting = this.#waiting.slice(taken);
    this.#named -= taken;
    return formed;
  }

  /** One that cannot be written down must not keep the others from being, nor be lost for what its caller has put into it. */
  #form(told: ToLog, time: Instant, names: Names): readonly Formed[] {
    const { masks, sample } = this.#options;
    const formed = (each: ToLog) => this.#sink.form(toLogEntry(each, { time, ...names, masks, sample }));
    try {
      try {
        return [formed(told)];
      } catch {
        return [formed(withoutClaims(told))];
      }
    } catch (error) {
      this.#dropped++;
      this.#options.onFailure(error);
      return [];
    }
  }
}
