import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { utcDay } from '../../domain/calendar.ts';
import type { Instant } from '../../domain/instant.ts';
import { BelievedClock, isAhead } from '../believed-clock.ts';
import { type LogFile, logFilesIn } from './log-files.ts';

const DAY = 86_400_000;

interface DatedFile extends Pick<LogFile, 'start'> {
  readonly path: string;
  readonly writtenAt: Instant;
}

/** Deletes the files of days that are longer ago than is kept. Throws the first failure when all have been tried. */
export function oldFiles(folder: string, keepDays: number): { delete(): Promise<void> } {
  const clock = new BelievedClock();
  return {
    async delete() {
      let failure: { readonly error: unknown } | undefined;
      async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
        try {
          return await work();
        } catch (error) {
          // Another process has deleted it.
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') failure ??= { error };
          return undefined;
        }
      }

      const files: DatedFile[] = [];
      for (const { name, start } of await logFilesIn(folder)) {
        const path = join(folder, name);
        const found = await attempt(() => stat(path));
        if (found !== undefined) files.push({ path, start, writtenAt: found.mtimeMs });
      }
      const rightlyNamed = files.filter(({ start }) => !isAhead(start, Date.now()));
      const now = clock.now(rightlyNamed.map(({ start, writtenAt }) => ({ from: start, to: writtenAt })));
      const firstDay = utcDay(now - keepDays * DAY);
      for (const file of files) {
        await attempt(async () => {
          if (utcDay(await ageOf(file)) < firstDay) await rm(file.path, { force: true });
        });
      }
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** When a file was begun. Of one that a clock which was ahead has named: when it was last written, or else now, and so it stays. */
async function ageOf({ path, start, writtenAt }: DatedFile): Promise<Instant> {
  const now = Date.now();
  if (!isAhead(start, now)) return start;
  if (!isAhead(writtenAt, now)) return writtenAt;
  await utimes(path, now / 1000, now / 1000);
  return now;
}
