import { randomBytes } from 'node:crypto';
import { access, constants, type FileHandle, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { makeFolder } from '../../stores/embedded/make-folder.ts';
import { logFileName } from './log-files.ts';
import { oldFiles } from './old-files.ts';
import type { Sink } from './sink.ts';

export interface FileSinkOptions {
  readonly folder: string;
  readonly keepDays: number;
  /** A file that has grown beyond this is followed by the next. */
  readonly largestFile?: number;
  /** How often it is made sure that the file is still there. */
  readonly lookEveryMs?: number;
}

const LARGEST_FILE = 128 * 1_048_576;
const LOOK_EVERY_MS = 1000;
/** What people asked is for this user of the machine alone. */
const PRIVATE = 0o600;
const LINE_END = 0x0a;
/** Where in the text of an instant its day ends. */
const DAY_END = 10;

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
  let writer = newWriter();
  let lastTime = '';
  const old = oldFiles(folder, keepDays);

  async function fileFor(day: string, start: Instant): Promise<OpenFile> {
    if (current !== undefined && current.day === day && current.size < largestFile && (await isThere(current))) {
      return current;
    }
    await closeFile();
    await makeFolder(folder);
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
      // Half a line would spoil the next one, and a file for each attempt the folder. What cannot be taken back ends its file.
      await file.handle.truncate(file.size).catch(closeFile);
      throw error;
    }
  }

  async function closeFile(): Promise<void> {
    const file = current;
    current = undefined;
    await file?.handle.close().catch(() => undefined);
    if (file?.size === 0) await rm(file.path, { force: true }).catch(() => undefined);
  }

  return {
    form: (entry) => ({ time: entry.time, text: JSON.stringify(entry) }),
    async write(lines) {
      const [first] = lines;
      if (first === undefined) return { done: 0, dropped: 0 };
      if (first.time < lastTime) {
        // The clock was set back. To readers it is as if another process had written what was told before.
        await closeFile();
        writer = newWriter();
        lastTime = '';
      }
      const own = firstInOrder(lines);
      const file = await fileFor(first.time.slice(0, DAY_END), parseInstant(first.time) ?? 0);
      await append(file, bytesOf(own));
      lastTime = own.at(-1)?.time ?? lastTime;
      return { done: own.length, dropped: 0 };
    },
    tidy: () => old.delete(),
    close: closeFile,
  };
}

/** In two containers with one folder two processes may have one number. */
function newWriter(): string {
  return `${process.pid}x${randomBytes(3).toString('hex')}`;
}

/** Those that may stand in one file: from the first on, of its day, none told before another. */
function firstInOrder(lines: readonly DatedLine[]): readonly DatedLine[] {
  const day = lines[0]?.time.slice(0, DAY_END) ?? '';
  let last = '';
  const end = lines.findIndex(({ time }) => {
    const isNext = time < last || !time.startsWith(day);
    last = time;
    return isNext;
  });
  return end === -1 ? lines : lines.slice(0, end);
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
