import { randomBytes } from 'node:crypto';
import { access, constants, type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { utcDay } from '../../domain/calendar.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { makeFolder } from '../../stores/embedded/make-folder.ts';
import { logFileName, logFilesIn } from './log-files.ts';
import type { Sink } from './sink.ts';

export interface FileSinkOptions {
  readonly folder: string;
  readonly keepDays: number;
  /** A file that has grown beyond this is followed by the next. */
  readonly largestFile?: number;
  /** How often it is made sure that the file is still there. */
  readonly lookEveryMs?: number;
}

const DAY = 86_400_000;
const LARGEST_FILE = 128 * 1_048_576;
const LOOK_EVERY_MS = 1000;
/** What people asked is for this user of the machine alone. */
const PRIVATE = 0o600;
const LINE_END = 0x0a;

/** A line, and when its answer was told: its day says in which file it is. */
interface DatedLine {
  readonly time: string;
  readonly text: string;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly day: string;
  size: number;
  lookedAt: number;
}

/**
 * JSON Lines in files of a day, none of them larger than `largestFile` by more than a batch. Files are made and deleted, never renamed:
 * whoever reads one finds it where it was.
 */
export function fileSink({
  folder,
  keepDays,
  largestFile = LARGEST_FILE,
  lookEveryMs = LOOK_EVERY_MS,
}: FileSinkOptions): Sink<DatedLine> {
  let current: OpenFile | undefined;
  let number = 0;
  // In two containers with one folder two processes may have one number.
  const writer = `${process.pid}x${randomBytes(3).toString('hex')}`;

  async function fileFor(day: string, start: Instant): Promise<OpenFile> {
    if (current !== undefined && current.day === day && current.size < largestFile && (await isThere(current))) {
      return current;
    }
    await closeFile();
    await makeFolder(folder);
    await deleteOld(folder, Date.now() - keepDays * DAY);
    number++;
    const path = join(folder, logFileName(start, writer, number));
    current = { handle: await open(path, 'ax', PRIVATE), path, day, size: 0, lookedAt: performance.now() };
    return current;
  }

  /** What is written into a file that somebody has deleted is gone, and no error says so. */
  async function isThere(file: OpenFile): Promise<boolean> {
    if (performance.now() - file.lookedAt < lookEveryMs) return true;
    file.lookedAt = performance.now();
    const [own, named] = await Promise.all([file.handle.stat(), stat(file.path).catch(() => undefined)]);
    return own.ino === named?.ino && own.dev === named.dev;
  }

  async function append(file: OpenFile, bytes: Buffer): Promise<void> {
    try {
      await file.handle.appendFile(bytes);
      file.size += bytes.length;
    } catch (error) {
      // Half a line would spoil the next one. What can be taken back is written again later.
      await file.handle.truncate(file.size).catch(() => undefined);
      await closeFile();
      throw error;
    }
  }

  async function closeFile(): Promise<void> {
    const file = current;
    current = undefined;
    await file?.handle.close().catch(() => undefined);
  }

  return {
    form: (entry) => ({ time: entry.time, text: JSON.stringify(entry) }),
    async write(lines) {
      const [first] = lines;
      if (first === undefined) return { done: 0, dropped: 0 };
      const day = first.time.slice(0, 10);
      const next = lines.findIndex(({ time }) => time.slice(0, 10) !== day);
      const own = next === -1 ? lines : lines.slice(0, next);
      const file = await fileFor(day, parseInstant(first.time) ?? 0);
      await append(file, bytesOf(own));
      return { done: own.length, dropped: 0 };
    },
    close: closeFile,
  };
}

/** Each on a line of its own. Into one piece of memory at once: a joined text would be copied twice more. */
function bytesOf(lines: readonly DatedLine[]): Buffer {
  const bytes = Buffer.allocUnsafe(lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0));
  let end = 0;
  for (const { text } of lines) {
    end += bytes.write(text, end);
    bytes[end++] = LINE_END;
  }
  return bytes;
}

/** Throws where a log could not be kept in this folder: better when a server starts than when it has something to say. */
export async function requireWritable(folder: string): Promise<void> {
  await makeFolder(folder);
  await access(folder, constants.W_OK | constants.X_OK);
}

/** What began on a day before. A file that is gone already was deleted by another process. */
async function deleteOld(folder: string, before: Instant): Promise<void> {
  const day = utcDay(before);
  for (const { name, start } of await logFilesIn(folder)) {
    if (utcDay(start) < day) await rm(join(folder, name), { force: true });
  }
}
