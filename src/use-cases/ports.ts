import type { RememberedKey } from '../domain/consumption.ts';
import type { Facts } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { RuleBook } from '../rules/rule-set.ts';

export type { Facts };

export type MaybePromise<T> = T | Promise<T>;

/** What a decision needs of the world. Answers at once where it can, so that the hot path has no promise in it. */
export interface FactsReader {
  /** `minRevision`: never answer with an older revision than this from a cache. */
  read(id: string, minRevision?: number): MaybePromise<Facts>;
}

/** What a change to one member wants written. */
export interface MemberWrite {
  /** The member to store, with any `revision`: the store sets it to the old one plus one. `undefined` deletes. */
  readonly member: Member | undefined;
  /** A key to remember (new, or an old one now released), in the same atomic step and with the revision that it makes. */
  readonly remember?: RememberedKey;
}

/** What a pure change function is given: what the store holds at the instant of the write. */
export interface MemberSnapshot {
  readonly member: Member | undefined;
  /** The remembered key asked for, if any. */
  readonly remembered: RememberedKey | undefined;
}

export interface MemberChange<T> {
  readonly result: T;
  /** Absent: nothing to write. */
  readonly write?: MemberWrite;
}

/**
 * The member facts. Both stores (embedded, MongoDB) pass one contract suite.
 * Every method throws `StoreUnreachable` when the store cannot be reached or does not answer in time.
 */
export interface MemberStore {
  /**
   * What is stored now: a durable read, never from a cache. `soon`: for who can do without it, so that a store a network away gives
   * up early.
   */
  get(id: string, options?: { readonly soon?: boolean }): MaybePromise<Member | undefined>;
  /** Only the revision: 0 for an unknown member. Cheap where the store is in the process. */
  revision?(id: string): number;
  /**
   * One atomic step: `change` sees the stored member (and the remembered `key`, when given) and says what to write.
   * `change` is pure and may be called again when somebody else wrote in between. Resolves, with what was written, when
   * the write is durable. Calls for the same member are queued in the process: no retry storm.
   * Keys first used on a UTC day before `forgetBefore` are forgotten by this write, and their days leave `keyDays`.
   */
  update<T>(
    id: string,
    change: (snapshot: MemberSnapshot) => MemberChange<T>,
    options?: { readonly key?: string; readonly forgetBefore?: string },
  ): Promise<{ readonly result: T; readonly member: Member | undefined }>;
  /** The same as `list`, for callers who must get an answer whatever is stored, and one that is not too large. */
  page(after: string | undefined, limits: MemberPageLimits): MaybePromise<StoredPage>;
  /** Members in the order of their ids, after the given one. */
  list(after: string | undefined, limit: number): MaybePromise<readonly Member[]>;
  count(): MaybePromise<number>;
  /** Resolves when the store can be read and written, else throws; in `withinMs` where that is given. */
  ping(options?: { readonly withinMs?: number }): Promise<void>;
  /** Whether it is out of reach; absent where that costs nobody time, as in a store in the process. */
  readonly outages?: Outages | undefined;
  close(): Promise<void>;
}

/** How often a store was out of reach, as plain numbers that change. */
export interface Outages {
  /** What is asked now fails at once, or is likely to fail. */
  readonly isDown: boolean;
  /** Since the process began. */
  readonly count: number;
  /** Calls that were refused at once meanwhile. */
  readonly refused: number;
}

/** `bytes`: about, of JSON; one member is given even where it alone is larger. */
export interface MemberPageLimits {
  readonly members: number;
  readonly bytes: number;
}

export interface StoredPage {
  readonly members: readonly Member[];
  /** The ids among them of which another perkbook has written what this one cannot read. */
  readonly unreadable: readonly string[];
  /** The id after which the next page begins; null where this is the last. */
  readonly next: string | null;
}

export interface Clock {
  now(): Instant;
}

/** The rules in force. One reference, read once per question: a swap is never half seen. */
export interface RuleBookSource {
  readonly book: RuleBook;
}

/** The store is down or did not answer in time. The one error of a store that callers are expected to handle. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable';
}

/** Stored data has a form that this version does not know. Nothing is read or written then: it would be damaged. */
export class UnknownStoreFormat extends Error {
  override readonly name = 'UnknownStoreFormat';
}

/** The same as `StoreUnreachable` for the place that the rule sets are kept in. */
export class RuleStoreUnreachable extends Error {
  override readonly name = 'RuleStoreUnreachable';
}
