import { join } from 'node:path';
import type { Instant } from '../../domain/instant.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import { roughSize } from '../entry/rough-size.ts';
import { type LogFile, logFilesIn } from '../sinks/log-files.ts';
import { lineBehind, linesBackwards, type PartedFile, partedFile } from './backwards.ts';
import { isBehind, LARGEST_PAGE_BYTES, type LogPosition, type LogReader, matches } from './log-filter.ts';

/** A page is given up after so many entries: some seconds of a busy server, and a few tens of milliseconds to look through. */
const MOST_LOOKED_AT = 5_000;
const DAY = 86_400_000;

/** Entries in files, which other processes may be writing. `keepDays`: older ones are not given, although their file may still be there. */
export function logFileReader(folder: string, { keepDays }: { readonly keepDays?: number } = {}): LogReader {
  return {
    async page(filter, after, limit) {
      const files = await logFilesIn(folder);
      const kept = keepDays === undefined ? Number.NEGATIVE_INFINITY : Date.now() - keepDays * DAY;
      const from = Math.max(kept, filter.from ?? kept);
      const before = Math.min(after?.time ?? Number.POSITIVE_INFINITY, (filter.until ?? Number.POSITIVE_INFINITY) - 1);
      const found: ApiLogEntry[] = [];
      let looked = 0;
      let bytes = 0;
      let last: LogPosition | undefined;
      for await (const { position, entry } of newestFirst(folder, files, from, before)) {
        if (after !== undefined && !isBehind(position, after)) continue;
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
  readonly head: Read;
}

/** The entries of all files that were told from `from` to `before`, merged. A file is read only when its turn may have come. */
async function* newestFirst(
  folder: string,
  files: readonly LogFile[],
  from: Instant,
  before: Instant,
): AsyncGenerator<Read> {
  const waiting = withEnds(files)
    .filter(({ file, end }) => file.start <= before && end >= from)
    .sort((a, b) => a.end - b.end);
  // The one whose head is the newest comes last.
  const sources: Source[] = [];
  for (;;) {
    const newest = sources.at(-1)?.head.position.time ?? Number.NEGATIVE_INFINITY;
    const next = waiting.at(-1);
    if (next !== undefined && next.end >= newest) {
      waiting.pop();
      const lines = entriesBackwards(join(folder, next.file.name), from, before);
      insert(sources, lines, (await lines.next()).value);
      continue;
    }
    if (sources.length === 0) return;
    // All of one millisecond at once, because within it their ids say the order.
    const same: Read[] = [];
    for (let source = sources.at(-1); source?.head.position.time === newest; source = sources.at(-1)) {
      sources.pop();
      let head: Read | undefined = source.head;
      for (; head?.position.time === newest; head = (await source.lines.next()).value) same.push(head);
      insert(sources, source.lines, head);
    }
    yield* same.sort((a, b) => (isBehind(a.position, b.position) ? 1 : -1));
  }
}

/** Puts a file where its newest entry belongs; it is done with where it has none left. */
function insert(sources: Source[], lines: AsyncGenerator<Read>, head: Read | undefined): void {
  if (head === undefined) return;
  let [low, high] = [0, sources.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sources[middle]?.head.position.time ?? 0) > head.position.time) high = middle;
    else low = middle + 1;
  }
  sources.splice(low, 0, { lines, head });
}

/** With when the last entry of each was told at the latest: before the next file of its writer, and on its day. */
function withEnds(files: readonly LogFile[]): { readonly file: LogFile; readonly end: Instant }[] {
  const starts = new Map<string, Instant>();
  return files.toReversed().map((file) => {
    const endOfDay = (Math.floor(file.start / DAY) + 1) * DAY - 1;
    const end = Math.min(endOfDay, starts.get(file.writer) ?? endOfDay);
    starts.set(file.writer, file.start);
    return { file, end };
  });
}

/**
 * The entries of a file that were told from `from` to `before`, the newest first. A line that is none of ours, or of a form that is not
 * known here, is passed over: a reader is no judge of the log.
 */
async function* entriesBackwards(path: string, from: Instant, before: Instant): AsyncGenerator<Read> {
  try {
    const file = await partedFile(path);
    for await (const line of linesBackwards(file, await offsetBehind(file, before))) {
      const entry = entryIn(line);
      const time = entry === undefined ? Number.NaN : Date.parse(entry.time);
      if (entry === undefined || Number.isNaN(time) || time > before) continue;
      if (time < from) return;
      yield { position: { time, id: entry.id }, entry };
    }
  } catch (error) {
    // Deleted meanwhile: its days are over. All else must not look like a log with nothing in it.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** So much is read sooner than halved. */
const SMALL = 65_536;

/** Behind all lines of a file that were told at `time` or before, and not much further: by halving, because a file may be large. */
async function offsetBehind(file: PartedFile, time: Instant): Promise<number> {
  if (time === Number.POSITIVE_INFINITY) return file.size;
  let [low, high, end] = [0, file.size, file.size];
  while (high - low > SMALL) {
    const middle = Math.floor((low + high) / 2);
    const found = await lineBehind(file, middle);
    if (found === undefined || Date.parse(entryIn(found.line)?.time ?? '') > time) {
      high = middle;
      // What begins before the middle may reach behind it.
      end = found?.end ?? file.size;
    } else low = found.end;
  }
  return end;
}

function entryIn(line: string): ApiLogEntry | undefined {
  try {
    const entry = JSON.parse(line) as ApiLogEntry | null;
    return entry?.log === 1 && typeof entry.id === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}
