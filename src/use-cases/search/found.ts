/** Where a page of a search begins, and how long it may be. */
export interface SearchPage {
  /** The candidate after which it begins; from the first one where absent. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** What a search has found, in the order of the candidates' ids. */
export interface Found {
  readonly results: readonly string[];
  /** The candidate after which the next page begins; null where all have been looked at. */
  readonly next: string | null;
  /** How many candidates were looked at for it. */
  readonly looked: number;
  /** The facts were stale. */
  readonly degraded: boolean;
  /** Candidates of whom is stored what this version cannot read: nobody knows whether they may. */
  readonly unreadable: readonly string[];
}

/** The most candidates that one request looks at: a page may be short, even empty, before the last one. */
export const MOST_LOOKED_AT = 1000;

export const NOTHING_FOUND: Found = { results: [], next: null, looked: 0, degraded: false, unreadable: [] };

/** A page of those of `candidates`, which are in order, for which it `holds`. */
export function pageOf<T>(
  candidates: readonly T[],
  idOf: (candidate: T) => string,
  holds: (candidate: T) => boolean,
  { after, limit }: SearchPage,
): Pick<Found, 'results' | 'next' | 'looked'> {
  const results: string[] = [];
  const ahead = after === undefined ? candidates : candidates.filter((each) => idOf(each) > after);
  for (const [index, candidate] of ahead.entries()) {
    const id = idOf(candidate);
    if (holds(candidate)) results.push(id);
    const isLast = index === ahead.length - 1;
    if (!isLast && (results.length === limit || index + 1 === MOST_LOOKED_AT))
      return { results, next: id, looked: index + 1 };
  }
  return { results, next: null, looked: ahead.length };
}
