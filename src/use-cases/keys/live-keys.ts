import { timingSafeEqual } from 'node:crypto';
import { type KeyState, stateOf } from '../../domain/api-key.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Watching } from '../rule-sets/ports.ts';
import { hashOfKey, keyIdIn } from './key-text.ts';
import { type KeyStore, KeyStoreUnreachable } from './ports.ts';

/** For how long keys are believed that the store could not be asked about: as long as a revoked one may go on meanwhile. */
const BELIEVED_FOR_MS = 10 * 60_000;
/** How often unknown keys may make the store be asked. */
const UNKNOWN_EVERY_MS = 200;

export interface LiveKeysOptions {
  /** Told when the keys cannot be read; the next look tries again. */
  readonly onError?: (error: unknown) => void;
  /** Told whenever they were read. */
  readonly onRead?: () => void;
  readonly now?: () => Instant;
  /** A clock that never goes back, for `believedForMs`. */
  readonly elapsed?: () => number;
  readonly believedForMs?: number;
}

interface Known {
  readonly hash: Buffer;
  readonly caller: Caller;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/**
 * The keys as they are in the store, in memory: a key is checked without asking anybody. They are read anew whenever they may have
 * changed.
 */
export class LiveKeys {
  readonly #store: KeyStore;
  readonly #onError: (error: unknown) => void;
  readonly #onRead: () => void;
  readonly #now: () => Instant;
  readonly #elapsed: () => number;
  readonly #believedForMs: number;
  #keys: ReadonlyMap<string, Known> = new Map();
  #any = false;
  #readAt = Number.NEGATIVE_INFINITY;
  /** The same, as calendars have it. */
  #readOn: Instant = 0;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** The look that unknown keys wait for. */
  #soon: Promise<void> | undefined;
  /** Why the last look failed. */
  #trouble: unknown;
  #watching: Watching | undefined;

  private constructor(store: KeyStore, options: LiveKeysOptions) {
    this.#store = store;
    this.#onError = options.onError ?? (() => undefined);
    this.#onRead = options.onRead ?? (() => undefined);
    this.#now = options.now ?? Date.now;
    this.#elapsed = options.elapsed ?? (() => performance.now());
    this.#believedForMs = options.believedForMs ?? BELIEVED_FOR_MS;
  }

  /** Throws `KeyStoreUnreachable`. */
  static async open(store: KeyStore, options: LiveKeysOptions = {}): Promise<LiveKeys> {
    const live = new LiveKeys(store, options);
    // Before the first look, so that no change falls between the two.
    live.#watching = store.watch(() => void live.look().catch(live.#onError));
    try {
      await live.look();
    } catch (error) {
      await live.#watching.stop();
      throw error;
    }
    return live;
  }

  /** Whether a key was ever seen. INVARIANT: never false again, so that no loss of keys opens what was closed. */
  get any(): boolean {
    return this.#any;
  }

  /** Since when the keys could not be read anew; undefined while they are. */
  get unreadSince(): Instant | undefined {
    return this.#trouble === undefined && this.areBelieved ? undefined : this.#readOn;
  }

  /** False where nobody has been able to say for too long who may do what. */
  get areBelieved(): boolean {
    return this.#elapsed() - this.#readAt <= this.#believedForMs;
  }

  /**
   * Whose key the text is. `unknown`: nobody's, as far as was read; the store may know more by now. Throws `KeyStoreUnreachable` where
   * what was read is too old to be believed.
   */
  callerOf(text: string): Caller | Exclude<KeyState, 'active'> | 'unknown' {
    this.requireRecent();
    const known = this.#keys.get(keyIdIn(text));
    // A revoked key is only called so to whoever has it.
    if (known === undefined || !timingSafeEqual(hashOfKey(text), known.hash)) return 'unknown';
    if (known.expiresAt === null && known.revokedAt === null) return known.caller;
    const state = stateOf(known, this.#now());
    return state === 'active' ? known.caller : state;
  }

  /** Throws `KeyStoreUnreachable` where they are not believed any more. */
  requireRecent(): void {
    if (this.areBelieved) return;
    throw new KeyStoreUnreachable('the keys could not be read for too long to go on with those that were known');
  }

  /** Reads the keys anew; what was stored before the call is known after it. Throws `KeyStoreUnreachable`. */
  look(): Promise<void> {
    if (this.#reading === undefined) return this.#begin();
    // What is being read may be from before that; all who ask meanwhile share the next look.
    this.#next ??= this.#reading
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  /**
   * The same for a key that is unknown, which anybody can make up: all who send one wait for the same look, a few times a second, and
   * while the store is out of reach for none. Throws `KeyStoreUnreachable`.
   */
  async lookForUnknown(): Promise<void> {
    if (this.#trouble !== undefined) throw this.#trouble;
    this.#soon ??= this.#lookSoon();
    await this.#soon;
  }

  async close(): Promise<void> {
    await this.#watching?.stop();
    await this.#reading?.catch(() => undefined);
    await this.#store.close();
  }

  async #lookSoon(): Promise<void> {
    const waitMs = UNKNOWN_EVERY_MS - (this.#elapsed() - this.#readAt);
    // Also where nothing is left to wait for: only after a pause does whoever called this have it in `#soon`.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
    this.#soon = undefined;
    await this.look();
  }

  #begin(): Promise<void> {
    const reading = this.#read()
      .then(
        () => {
          this.#trouble = undefined;
        },
        (error: unknown) => {
          this.#trouble = error;
          throw error;
        },
      )
      .finally(() => {
        this.#reading = undefined;
      });
    this.#reading = reading;
    return reading;
  }

  async #read(): Promise<void> {
    const askedAt = this.#elapsed();
    const askedOn = this.#now();
    const keys = await this.#store.list();
    this.#any ||= keys.length > 0;
    this.#keys = new Map(
      keys.map(({ id, hash, scopes, ruleSets, expiresAt, revokedAt }) => [
        id,
        {
          hash: Buffer.from(hash, 'base64'),
          caller: { id, scopes: new Set(scopes), ruleSets: ruleSets === null ? null : new Set(ruleSets) },
          expiresAt,
          revokedAt,
        },
      ]),
    );
    this.#readAt = askedAt;
    this.#readOn = askedOn;
    this.#onRead();
  }
}
