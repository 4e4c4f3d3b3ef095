import type { Instant } from '../domain/instant.ts';
import type { SubjectClaim } from '../domain/question.ts';
import { isStorableId, keyName as shortName } from '../stores/storable-id.ts';
import type { Mask } from './entry/masks.ts';
import { roughSize } from './entry/rough-size.ts';
import { toLogEntry } from './entry/to-log-entry.ts';
import type { UserKeys } from './keys/user-keys.ts';
import type { Sink } from './sinks/sink.ts';
import type { Told } from './told.ts';

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

export interface LogQueueOptions {
  readonly masks: readonly Mask[];
  readonly sample: number;
  /** Is told why entries cannot be written, at every failure. */
  readonly onFailure: (error: unknown) => void;
  /** So many answers may wait. */
  readonly mostWaiting?: number;
  /** They may be about so many bytes. */
  readonly mostBytes?: number;
  /** How long answers are gathered before they are written. */
  readonly gatherMs?: number;
  readonly retryMs?: number;
}

interface Waiting {
  readonly told: Told;
  readonly time: Instant;
  readonly size: number;
}

/** So many become text in one go: about half a millisecond, for which no answer notices a wait. */
const AT_ONCE = 100;
/** So many are written at a time: each time costs something, and wakes somebody. */
const MOST_AT_A_TIME = 1000;
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
    this.#options = { mostWaiting: 20_000, mostBytes: 64 * 1_048_576, gatherMs: 20, retryMs: 1000, ...options };
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
  add(told: Told): void {
    const size = sizeOf(told);
    const { mostWaiting, mostBytes } = this.#options;
    if (this.#closing || this.#waiting.length >= mostWaiting || this.#bytes + size > mostBytes) {
      this.#dropped++;
      return;
    }
    // Readers rely on the order, whatever is done to the clock.
    this.#lastTime = Math.max(this.#lastTime, Date.now());
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
        while (this.#waiting.length > 0 && this.#formed.length < MOST_AT_A_TIME) {
          this.#formed = [...this.#formed, ...(await this.#formSome())];
          await nextTurn();
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

  /** Throws, with nothing taken, where the users cannot be hashed. */
  async #formSome(): Promise<readonly Formed[]> {
    const some = this.#waiting.slice(0, AT_ONCE);
    const pseudonyms = await this.#keys.pseudonymsOf(
      some.map(({ told }) => keyName(told.answered.asked.question.subject)),
    );
    this.#waiting = this.#waiting.slice(some.length);
    for (const { size } of some) this.#bytes -= size;
    return some.flatMap(({ told, time }) => {
      try {
        const pseudonym = pseudonyms.get(keyName(told.answered.asked.question.subject)) ?? '';
        const { masks, sample } = this.#options;
        return [this.#sink.form(toLogEntry(told, { time, pseudonym, masks, sample }))];
      } catch (error) {
        // One that cannot be written down must not keep the others from being.
        this.#dropped++;
        this.#options.onFailure(error);
        return [];
      }
    });
  }
}

/** Other subjects have ids of their own, which may be those of users; no user id has a line break. */
function keyName({ type, id }: SubjectClaim): string {
  const name = type === 'user' ? id : `${type}\n${id}`;
  return isStorableId(name) ? name : `\n${shortName(name)}`;
}

const USUAL_SIZE = 2048;

/** What of an answer the caller can make large, beside what every answer takes. */
function sizeOf({ answered: { asked, facts } }: Told): number {
  const { context, input, resource, subject } = asked.question;
  let size = USUAL_SIZE + roughSize(context) + roughSize(input) + roughSize(subject.properties);
  if (resource !== null) size += roughSize(resource.properties);
  if (facts.state !== 'unreachable' && facts.member !== undefined) {
    const { terms, extras, usage } = facts.member;
    size += 100 * (terms.length + extras.length);
    for (const perk in usage) size += 50 * (usage[perk]?.length ?? 0);
  }
  return size;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
