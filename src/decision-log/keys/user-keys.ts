import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Instant } from '../../domain/instant.ts';

/** Somebody about whom something was told, and when: the last time, where it was more than once. */
export interface Asked {
  readonly user: string;
  readonly time: Instant;
}

export interface UserKey {
  /** Absent where all that was told came before the user was forgotten. */
  readonly key: string | undefined;
  /** What was told at this instant or before is of nobody. */
  readonly forgottenAt: Instant | undefined;
}

/** Where the key of each user is kept: one random key a user, made when it is first needed. */
export interface KeyTable {
  /**
   * The keys of these users, in the same order; made where there are none yet, but never for what was told before the user was forgotten.
   * Two processes that make one at once get the same.
   */
  keysOf(asked: readonly Asked[]): Promise<readonly UserKey[]>;
  /** The key of a user, if there is one: asking makes none. */
  keyOf(user: string): Promise<string | undefined>;
  /** Drops the key, and remembers for a while that it did. Answers whether there was one. */
  forget(user: string): Promise<boolean>;
  /**
   * Drops the keys of users about whom nothing was told for longer than entries are kept, and what says who was forgotten long ago. To be
   * called when a server starts, and now and then.
   */
  tidy(keepDays: number): Promise<void>;
  close(): Promise<void>;
}

/** Another process may have forgotten a user meanwhile. */
const REMEMBERED_FOR_MS = 60_000;
const MOST_REMEMBERED = 50_000;

interface Known {
  readonly pseudonym: string | undefined;
  readonly forgottenAt: Instant | undefined;
}

/** What stands for a user in the log: a hash by the user's own key. Without the key nobody can tell whose entries they were. */
export class UserKeys {
  readonly #table: KeyTable;
  readonly #known = new LRUCache<string, Known>({ max: MOST_REMEMBERED, ttl: REMEMBERED_FOR_MS });
  #forgets = 0;

  constructor(table: KeyTable) {
    this.#table = table;
  }

  /**
   * In the same order. What was told before the user was forgotten gets a text that stands for nobody. Throws `StoreUnreachable` where the
   * keys cannot be had: then nothing can be written.
   */
  async pseudonymsOf(asked: readonly Asked[]): Promise<readonly string[]> {
    const found = new Map<string, Known>();
    const missing = new Map<string, Asked>();
    for (const each of asked) {
      const known = found.get(each.user) ?? this.#known.get(each.user);
      if (known !== undefined) found.set(each.user, known);
      else if (each.time >= (missing.get(each.user)?.time ?? each.time)) missing.set(each.user, each);
    }
    if (missing.size > 0) await this.#find([...missing.values()], found);
    return asked.map((each) => {
      const pseudonym = found.get(each.user)?.pseudonym;
      return pseudonym === undefined || isForgotten(each, found.get(each.user)) ? nobody() : pseudonym;
    });
  }

  async #find(asked: readonly Asked[], found: Map<string, Known>): Promise<void> {
    const forgets = this.#forgets;
    const keys = await this.#table.keysOf(asked);
    asked.forEach(({ user }, index) => {
      const { key, forgottenAt } = keys[index] ?? { key: undefined, forgottenAt: undefined };
      const known = { pseudonym: key === undefined ? undefined : pseudonymBy(key, user), forgottenAt };
      found.set(user, known);
      // Somebody may have been forgotten meanwhile.
      if (key !== undefined && forgets === this.#forgets) this.#known.set(user, known);
    });
  }

  /** What stands for this user, where anything does. */
  async pseudonymOf(user: string): Promise<string | undefined> {
    const key = await this.#table.keyOf(user);
    return key === undefined ? undefined : pseudonymBy(key, user);
  }

  /** From now on nobody can tell which entries were of this user. Answers whether there may have been any. */
  async forget(user: string): Promise<boolean> {
    this.#known.delete(user);
    const existed = await this.#table.forget(user);
    this.#forgets++;
    this.#known.delete(user);
    return existed;
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}

/** Whether something was told before the user was forgotten. */
export function isForgotten({ time }: Asked, known: Pick<Known, 'forgottenAt'> | undefined): boolean {
  return time <= (known?.forgottenAt ?? Number.NEGATIVE_INFINITY);
}

/** Whether a key is to be made. */
export function needsKey(asked: Asked, found: UserKey | undefined): boolean {
  return found?.key === undefined && !isForgotten(asked, found);
}

/** HMAC-SHA-256, its first 128 bits. */
function pseudonymBy(key: string, user: string): string {
  if (key === '') throw new Error('a user without a key cannot be written down');
  return `u:${createHmac('sha256', Buffer.from(key, 'base64url')).update(user).digest('base64url').slice(0, 22)}`;
}

/** Looks like the others, and is no one's. */
function nobody(): string {
  return `u:${randomBytes(16).toString('base64url')}`;
}
