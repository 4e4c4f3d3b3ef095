import type { Instant } from '../../domain/instant.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';

/** Which entries are wanted; what is absent does not matter. */
export interface LogFilter {
  /** What stands for the user. */
  readonly user?: string | undefined;
  readonly action?: string | undefined;
  readonly decision?: 'allow' | 'deny' | undefined;
  readonly code?: string | undefined;
  readonly caller?: string | undefined;
  /** Told at this instant or later. */
  readonly from?: Instant | undefined;
  /** Told before this instant. */
  readonly until?: Instant | undefined;
  /** Judged by one of these rule sets. */
  readonly ruleSets?: ReadonlySet<string> | undefined;
}

/** Where a page begins: behind this entry. The newest come first, and of one millisecond the greatest id. */
export interface LogPosition {
  readonly time: Instant;
  readonly id: string;
}

export interface LogPage {
  readonly entries: readonly ApiLogEntry[];
  /** Where the next page begins; undefined where there is none. */
  readonly next: LogPosition | undefined;
}

export interface LogReader {
  /** At most `limit` entries, and perhaps fewer: a page that is not the last says where to go on, whatever is in it. */
  page(filter: LogFilter, after: LogPosition | undefined, limit: number): Promise<LogPage>;
  close(): Promise<void>;
}

export function matches(entry: ApiLogEntry, { user, action, decision, code, caller, ruleSets }: LogFilter): boolean {
  return (
    (user === undefined || entry.user === user) &&
    (action === undefined || entry.action === action) &&
    (decision === undefined || entry.decision === decision) &&
    (code === undefined || entry.reason?.code === code) &&
    (caller === undefined || entry.caller === caller) &&
    (ruleSets === undefined || ruleSets.has(entry.ruleSet.id))
  );
}

export function isBehind({ time, id }: LogPosition, after: LogPosition): boolean {
  return time < after.time || (time === after.time && id < after.id);
}

/** So many bytes of entries end a page, whatever its limit: one entry may be as large as a question. */
export const LARGEST_PAGE_BYTES = 4 * 1_048_576;

const CURSOR = /^(\d{1,15})\.([0-9A-Za-z]{1,64})$/;

export function positionText({ time, id }: LogPosition): string {
  return `${time}.${id}`;
}

export function parsePosition(text: string): LogPosition | undefined {
  const [, time, id] = CURSOR.exec(text) ?? [];
  return id === undefined ? undefined : { time: Number(time), id };
}
