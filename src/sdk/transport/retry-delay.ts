const FIRST_MS = 100;
const LONGEST_MS = 1_000;

/**
 * How long to wait before the attempt that follows attempt number `attempt` (from 0), in milliseconds: full jitter, so that callers who
 * failed together do not come back together; on top of what the server asked for, if it did.
 */
export function retryDelay(attempt: number, retryAfter: number | undefined): number {
  return (retryAfter ?? 0) + Math.random() * longestDelay(attempt);
}

/** The most that it is where the server has asked for nothing. */
export function longestDelay(attempt: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
}

/**
 * `Retry-After` in milliseconds: seconds, or a date, which is read against the server's own `Date` where there is one, because the clock here
 * may be wrong. Undefined for what is neither.
 */
export function retryAfterIn(headers: { get(name: string): string | null }): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  const now = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - (Number.isNaN(now) ? Date.now() : now));
}
