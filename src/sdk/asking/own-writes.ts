/** How many users are kept track of; whoever is forgotten is read as others read them. */
const MOST_USERS = 10_000;

/** What this client knows of its own writes: what is asked afterwards must not be answered, nor remembered, from older facts. */
export class OwnWrites {
  /** The revisions that they made, in the order of the users' last write. */
  readonly #revisions = new Map<string, number>();
  readonly #doubtMs: number;
  /** Until when a write that ended without an answer may still be done, on the clock of `performance.now`; the earliest first. */
  readonly #doubtfulUntil = new Map<string, number>();
  /** INVARIANT: whose doubt is not kept track of any more is in doubt with everybody. */
  #allDoubtfulUntil = Number.NEGATIVE_INFINITY;

  /** `maxAge`: for how long an answer may be remembered, and therefore be wrong about such a write. */
  constructor({ maxAge }: { readonly maxAge: number }) {
    this.#doubtMs = maxAge;
  }

  note(user: string, revision: number): void {
    const known = this.#revisions.get(user) ?? 0;
    this.#revisions.delete(user);
    this.#revisions.set(user, Math.max(known, revision));
    const [oldest] = this.#revisions.keys();
    if (this.#revisions.size > MOST_USERS && oldest !== undefined) this.#revisions.delete(oldest);
  }

  /** What the caller asks for or what was written here, whichever is later; undefined where it is neither. */
  leastRevision(user: string, wanted: number | undefined): number | undefined {
    const own = this.#revisions.get(user);
    return own === undefined || (wanted !== undefined && wanted >= own) ? wanted : own;
  }

  /** A write of the user has ended, and nobody knows whether it was done, or will be. */
  doubt(user: string): void {
    this.#doubtfulUntil.delete(user);
    this.#doubtfulUntil.set(user, performance.now() + this.#doubtMs);
    const [oldest] = this.#doubtfulUntil;
    if (this.#doubtfulUntil.size <= MOST_USERS || oldest === undefined) return;
    const [first, until] = oldest;
    this.#doubtfulUntil.delete(first);
    this.#allDoubtfulUntil = until;
  }

  isDoubtful(user: string): boolean {
    const until = this.#doubtfulUntil.get(user) ?? Number.NEGATIVE_INFINITY;
    return performance.now() < Math.max(until, this.#allDoubtfulUntil);
  }
}
