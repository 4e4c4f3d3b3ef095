import type { Instant } from '../domain/instant.ts';

/** Which entries of the decision log are wanted; what is absent does not matter. */
export interface LogQuery {
  readonly user?: string | undefined;
  readonly action?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  readonly code?: string | undefined;
  readonly caller?: string | undefined;
  /** Only of these rule sets. */
  readonly ruleSets?: ReadonlySet<string> | undefined;
  readonly from?: Instant | undefined;
  readonly until?: Instant | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The decision log, as far as callers have to do with it. */
export interface DecisionLogAccess {
  readonly sink: 'off' | 'file' | 'stdout' | 'mongodb';
  /** The newest first. Absent where the log cannot be read back. Problems: `invalid_field` (`after`), `log_unreachable`. */
  readonly page?: (query: LogQuery) => Promise<{ readonly entries: readonly object[]; readonly next: string | null }>;
  /** From now on nobody can tell which entries were of this user. Throws `StoreUnreachable`. */
  forget(user: string): Promise<unknown>;
}
