import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../../domain/instant.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import { roughSize } from '../entry/rough-size.ts';
import { type LogFile, logFilesIn } from '../sinks/log-files.ts';
import { lineBehind, linesBackwards } from './backwards.ts';
import {
  isBehind,
  LARGEST_PAGE_BYTES,
  type LogFilter,
  type LogPosition,
  type LogReader,
  matches,
} from './log-filter.ts';

/** A page is given up after so many entries: some seconds of a busy server, and a few tens of milliseconds to look through. */
const MOST_LOOKED_AT = 5_000;
const DAY = 86_400_000;

/** Entries in files, which other processes may be writing. */
export function logFileReader(folder: string): LogReader {
  return {
    async page(filter, after, limit) {
      const found: ApiLogEntry[] = [];
      let looked = 0;
      let bytes = 0;
      let last: LogPosition | undefined;
      for await (const { position, entry } of newestFirst(folder, after, filter)) {
        if (after !== undefined && !isBehind(position, after)) continue;
        if (filter.until !== undefined && position.time >= filter.until) continue;
        if (filter.from !== undefined && position.time < filter.from) return { entries: found, next: undefined };
        if (found.length === limit || looked === MOST_LOOKED_AT) return { entries: found, next: last };
        if (matches(entry, filter)) {
          bytes += roughSize(entry);
          if (bytes > LARGEST_PAGE_BYTES && found.length > 0) return { entries: found, next: last };
          found.push(entry);
        }
        looked++;
        last = position;
      }
      return { entries: found, next: undefined };
    },
    async close() {},
  };
}

interface Read {
  readonly position: LogPosition;
  readonly entry: ApiLogEntry;
}

/** A file that has been begun, and its newest entry that has not been given yet. */
interface Source {
  readonly lines: AsyncGenerator<Read>;
  head: Read;
}

/** The entries of all files, merged. A file is opened only when its turn may have come. */
async function* newestFirst(
  folder: string,
  after: LogPosition | undefined,
  { until }: LogFilter,
): AsyncGenerator<Read> {
  const before = Math.min(after?.time ?? Number.POSITIVE_INFINITY, until ?? Number.POSITIVE_INFINITY);
  const files = (await logFilesIn(folder)).filter(({ start }) => start <= before);
  const waiting = files.map((file) => ({ file, end: latestIn(file, files) })).sort((a, b) => a.end - b.end);
  let sources: Source[] = [];
  const opened: FileHandle[] = [];
  try {
    for (;;) {
      const newest = Math.max(...sources.map(({ head }) => head.position.time));
      const next = waiting.at(-1);
      if (next !== undefined && next.end >= newest) {
        waiting.pop();
        const handle = await open(join(folder, next.file.name)).catch(() => undefined);
        // Deleted meanwhile: its day is over.
        if (handle === undefined) continue;
        opened.push(handle);
        const lines = entriesBackwards(handle, before);
        const { value: head } = await lines.next();
        if (head !== undefined) sources.push({ lines, head });
        continue;
      }
      if (sources.length === 0) return;
      // All of one millisecond at once, because within it their ids say the order.
      const same: Read[] = [];
      for (const source of sources) {
        while (source.head.position.time === newest) {
          same.push(source.head);
          const { value, done } = await source.lines.next();
          if (done === true) {
            source.head = NOTHING_LEFT;
            break;
          }
          source.head = value;
        }
      }
      sources = sources.filter(({ head }) => head !== NOTHING_LEFT);
      yield* same.sort((a, b) => (isBehind(a.position, b.position) ? 1 : -1));
    }
  } finally {
    await Promise.all(opened.map((handle) => handle.close().catch(() => undefined)));
  }
}

const NOTHING_LEFT = { position: { time: Number.NEGATIVE_INFINITY, id: '' }, entry: {} } as unknown as Read;

/** When the last entry of a file was told at the latest: before the next file of its process, and on its day. */
function latestIn({ start, writer, number }: LogFile, files: readonly LogFile[]): Instant {
  const next = files.find((each) => each.writer === writer && each.number > number);
  const endOfDay = (Math.floor(start / DAY) + 1) * DAY - 1;
  return Math.min(endOfDay, next?.start ?? endOfDay);
}

/** A line that is none of ours, or of a form that is not known here, is passed over: a reader is no judge of the log. */
async function* entriesBackwards(handle: FileHandle, before: Instant): AsyncGenerator<Read> {
  const { size } = await handle.stat();
  const end = await offsetBehind(handle, size, before);
  for await (const line of linesBackwards(handle, end)) {
    const entry = entryIn(line);
    const time = entry === undefined ? Number.NaN : Date.parse(entry.time);
    if (entry !== undefined && !Number.isNaN(time)) yield { position: { time, id: entry.id }, entry };
  }
}

/** Where in a file the entries end that were told at `time` or before: by halving, because a file may be large. */
async function offsetBehind(handle: FileHandle, size: number, time: Instant): Promise<number> {
  if (time === Number.POSITIVE_INFINITY) return size;
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await lineBehind(handle, middle, size);
    const told = found === undefined ? Number.POSITIVE_INFINITY : Date.parse(entryIn(found.line)?.time ?? '');
    if (found === undefined || told > time) high = middle;
    else low = found.end;
  }
  return low;
}

function entryIn(line: string): ApiLogEntry | undefined {
  try {
    const entry = JSON.parse(line) as ApiLogEntry | null;
    return entry?.log === 1 && typeof entry.id === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
