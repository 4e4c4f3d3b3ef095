import { readdir } from 'node:fs/promises';
import type { Instant } from '../../domain/instant.ts';

/**
 * The files of a decision log. A name says when its first entry was told, and which process wrote it, so that workers never write into
 * one file: `decisions-20261122T101500123Z-4711x3fa9c2-1.jsonl`. A process whose clock was set back goes on as another writer.
 *
 * INVARIANT: entries of a file are in the order of their times, all on the UTC day that its name has, and none of them was told after the
 * first one of the next file of its writer.
 */
export interface LogFile {
  readonly name: string;
  readonly start: Instant;
  /** The process, or what it was until its clock was set back. */
  readonly writer: string;
  /** Counts the files of a writer. */
  readonly number: number;
}

const NAME = /^decisions-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\d+x[\da-f]{6})-(\d+)\.jsonl$/;

export function logFileName(start: Instant, writer: string, number: number): string {
  const text = new Date(start).toISOString().replaceAll(/[-:.]/g, '');
  return `decisions-${text}-${writer}-${number}.jsonl`;
}

/** The log files in a folder, the oldest first. Other files are no concern of the log's. A folder that is not there has none. */
export async function logFilesIn(folder: string): Promise<readonly LogFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name): LogFile[] => {
      const match = NAME.exec(name);
      if (match === null) return [];
      const [, year, month, day, hour, minute, second, milliseconds, writer = '', number] = match;
      const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`);
      return Number.isNaN(start) ? [] : [{ name, start, writer, number: Number(number) }];
    })
    .sort((a, b) => a.start - b.start || a.number - b.number);
}
