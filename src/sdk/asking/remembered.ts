import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import { ageOf, type Moment } from './moment.ts';

interface Entry {
  readonly answer: ApiDecision;
  readonly since: Moment;
  /** For how long it may be used after `since`, in milliseconds. */
  readonly life: number;
}

/** Decisions that still hold, by their question. The least recently asked for go first. */
export class Remembered {
  readonly #maxAge: number;
  readonly #most: number;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #keysOf = new Map<string, Set<string>>();

  constructor({ maxAge, maxRemembered }: { readonly maxAge: number; readonly maxRemembered: number }) {
    this.#maxAge = maxAge;
    this.#most = maxRemembered;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): ApiDecision | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (ageOf(entry.since) >= entry.life) {
      this.#unlink(key, entry);
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /**
   * `askedAt`: when the request was sent. `validUntil` is on the clock of the server, and so is `at`; the time between them, counted from a
   * moment before `at`, ends before it does, whatever the clock here says.
   */
  keep(key: string, answer: ApiDecision, askedAt: Moment): void {
    const life = Math.min(this.#maxAge, lifeOf(answer));
    // Not `life <= 0`: it may be no number.
    if (!(life > 0)) return;
    this.#entries.delete(key);
    this.#entries.set(key, { answer, since: askedAt, life });
    const keys = this.#keysOf.get(answer.user);
    if (keys === undefined) this.#keysOf.set(answer.user, new Set([key]));
    else keys.add(key);
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
      this.#unlink(oldest, entry);
    }
  }

  /** Forgets what it knows of a user; without one, everything. */
  drop(user?: string): void {
    if (user === undefined) {
      this.#entries.clear();
      this.#keysOf.clear();
      return;
    }
    for (const key of this.#keysOf.get(user) ?? []) this.#entries.delete(key);
    this.#keysOf.delete(user);
  }

  #unlink(key: string, { answer: { user } }: Entry): void {
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
