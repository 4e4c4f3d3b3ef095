import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Where the key of each user is kept: one random key a user, made when it is first needed. */
export interface KeyTable {
  /** The keys of these users, in the same order; made where there are none yet. Two processes that make one at once get the same. */
  keysOf(users: readonly string[]): Promise<readonly string[]>;
  /** The key of a user, if there is one: asking makes none. */
  keyOf(user: string): Promise<string | undefined>;
  /** Drops the key. Answers whether there was one. */
  forget(user: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Another process may have forgotten a user meanwhile. */
const REMEMBERED_FOR_MS = 60_000;
const MOST_REMEMBERED = 50_000;

/** What stands for a user in the log: a hash by the user's own key. Without the key nobody can tell whose entries they were. */
export class UserKeys {
  readonly #table: KeyTable;
  readonly #known = new LRUCache<string, string>({ max: MOST_REMEMBERED, ttl: REMEMBERED_FOR_MS });

  constructor(table: KeyTable) {
    this.#table = table;
  }

  /** By user. Throws `StoreUnreachable` where the keys cannot be had: then nothing can be written. */
  async pseudonymsOf(users: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const missing = new Set<string>();
    for (const user of users) {
      if (found.has(user) || missing.has(user)) continue;
      const known = this.#known.get(user);
      if (known === undefined) missing.add(user);
      else found.set(user, known);
    }
    if (missing.size === 0) return found;
    const names = [...missing];
    const keys = await this.#table.keysOf(names);
    names.forEach((user, index) => {
      const pseudonym = pseudonymBy(keys[index] ?? '', user);
      this.#known.set(user, pseudonym);
      found.set(user, pseudonym);
    });
    return found;
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
    // Somebody may have asked for it meanwhile.
    this.#known.delete(user);
    return existed;
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}

/** HMAC-SHA-256, its first 128 bits. */
function pseudonymBy(key: string, user: string): string {
  if (key === '') throw new Error('a user without a key cannot be written down');
  return `u:${createHmac('sha256', Buffer.from(key, 'base64url')).update(user).digest('base64url').slice(0, 22)}`;
}
