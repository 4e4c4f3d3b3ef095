/** How many users are kept track of; whoever is forgotten is read as others read them. */
const MOST_USERS = 10_000;

/** The revisions that this client's own writes made: what is asked afterwards must not be answered from older facts. */
export class OwnWrites {
  /** In the order of their last write. */
  readonly #revisions = new Map<string, number>();

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
}
