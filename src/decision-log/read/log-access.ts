import { Problem } from '../../domain/problem.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import type { LogFilter, LogPage, LogReader } from './log-filter.ts';
import { parsePosition, positionText } from './log-filter.ts';

interface Query extends Omit<LogFilter, 'user'> {
  readonly user?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

interface Pseudonyms {
  pseudonymOf(user: string): Promise<string | undefined>;
}

const EMPTY = { entries: [], next: null } as const;

/** A page of the log, by the id of a user as callers know it. Problems: `invalid_field` (`after`), `log_unreachable`. */
export async function pageOf(
  reader: LogReader,
  keys: Pseudonyms,
  { user, after, limit, ...filter }: Query,
): Promise<{ readonly entries: LogPage['entries']; readonly next: string | null }> {
  const position = after === undefined ? undefined : parsePosition(after);
  if (after !== undefined && position === undefined) {
    const message = `\`after\` is the \`next\` of the page before, and not \`${after.slice(0, 256)}\``;
    throw new Problem('invalid_field', message, { field: '/after' });
  }
  return reachable(async () => {
    const pseudonym = user === undefined ? undefined : await keys.pseudonymOf(user);
    // Nothing is logged of the user, or nobody can tell any more what is.
    if (user !== undefined && pseudonym === undefined) return EMPTY;
    const { entries, next } = await reader.page({ ...filter, user: pseudonym }, position, limit);
    return { entries, next: next === undefined ? null : positionText(next) };
  });
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof StoreUnreachable) && !isSystemError(cause)) throw cause;
    const message = 'the decision log cannot be read in time; narrow it with `from`, `until` or `user`, or ask again';
    throw new Problem('log_unreachable', message, { retryAfter: 1, cause });
  }
}

/** Of the file system. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
