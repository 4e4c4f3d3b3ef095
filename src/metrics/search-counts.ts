const KINDS = ['subject', 'resource', 'action'] as const;
/** What is searched for. */
export type SearchKind = (typeof KINDS)[number];

/** Pages of searches, and what they cost: one may ask as much as a thousand questions. */
export class SearchCounts {
  readonly #counts = { subject: noSearch(), resource: noSearch(), action: noSearch() };

  /** `looked`: at how many users, resources or actions. */
  note(kind: SearchKind, looked: number): void {
    const count = this.#counts[kind];
    count.pages++;
    count.looked += looked;
  }

  *[Symbol.iterator](): Generator<{ readonly kind: SearchKind; readonly pages: number; readonly looked: number }> {
    for (const kind of KINDS) yield { kind, ...this.#counts[kind] };
  }
}

function noSearch(): { pages: number; looked: number } {
  return { pages: 0, looked: 0 };
}
