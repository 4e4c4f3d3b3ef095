import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import { ageOf, type Moment } from './moment.ts';

interface Entry {
  readonly answer: ApiDecision;
  readonly since: Moment;
  /** For how long it may be used after `since`, in milliseconds. */
  readonly life: number;
  /** Of question and answer, in characters of JSON. */
  readonly size: number;
}

/** How large they may be for each that may be there, on average. A few large ones take the place of many small ones. */
const SIZE_OF_EACH = 1_600;

/** Decisions that still hold, by their question. The least recently asked for go first. */
export class Remembered {
  readonly #maxAge: number;
  readonly #most: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #keysOf = new Map<string, Set<string>>();
  /** INVARIANT: of all entries together. */
  #size = 0;

  constructor({ maxAge, maxRemembered }: { readonly maxAge: number; readonly maxRemembered: number }) {
    this.#maxAge = maxAge;
    this.#most = maxRemembered;
  }

  get count(): number {
    return this.#entries.size;
  }

  get(key: string): ApiDecision | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (ageOf(entry.since) >= entry.life) {
      this.#remove(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /**
   * `askedAt`: when the request was sent. `validUntil` is on the clock of the server, and so is `at`; the time between them,
   * counted from a moment before `at`, ends before it does, whatever the clock here says.
   */
  keep(key: string, answer: ApiDecision, askedAt: Moment): void {
    const life = Math.min(this.#maxAge, lifeOf(answer));
    // Not `life <= 0`: it may be no number.
    if (!(life > 0)) return;
    this.#remove(key);
    const size = key.length + JSON.stringify(answer).length;
    // All others would go for it, and so would it.
    if (size > this.#mostSize) return;
    this.#entries.set(key, { answer, since: askedAt, life, size });
    this.#size += size;
    const keys = this.#keysOf.get(answer.user);
    if (keys === undefined) this.#keysOf.set(answer.user, new Set([key]));
    else keys.add(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most && this.#size <= this.#mostSize) break;
      this.#remove(oldest);
    }
  }

  /** Forgets what it knows of a user; without one, everything. */
  drop(user?: string): void {
    const keys = user === undefined ? this.#entries.keys() : (this.#keysOf.get(user) ?? []);
    for (const key of [...keys]) this.#remove(key);
  }

  get #mostSize(): number {
    return this.#most * SIZE_OF_EACH;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#size -= entry.size;
    const { user } = entry.answer;
    const keys = this.#keysOf.get(user);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysOf.delete(user);
  }
}

/** How long after `at` it holds; not at all where the facts were not certain. */
function lifeOf({ degraded, at, validUntil }: ApiDecision): number {
  if (degraded !== false) return 0;
  return validUntil === null ? Number.POSITIVE_INFINITY : Date.parse(validUntil) - Date.parse(at);
}
