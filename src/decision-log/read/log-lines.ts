import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { SchemaCheck } from '../../api/schema.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import { logFilesIn } from '../sinks/log-files.ts';

/** One line of a log: an entry, or what is wrong with it. */
export type LogLine =
  | { readonly entry: ApiLogEntry }
  | { readonly file: string; readonly line: number; readonly wrong: string };

const check = new SchemaCheck<ApiLogEntry>('answers/log/entry');

/** Files of a log in the order in which they are read: a file as it is named, of a folder those of a log. Undefined where there is none. */
export async function logFilesAt(path: string): Promise<readonly string[] | undefined> {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return [path];
  return (await logFilesIn(path)).map(({ name }) => join(path, name));
}

/** The lines of JSON Lines, empty ones left out. A line that is no entry is given as such: it says nothing of the others. */
export async function* linesOf(file: string, stream: Readable = createReadStream(file)): AsyncGenerator<LogLine> {
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      yield { file, line, wrong: 'is no JSON' };
      continue;
    }
    yield checkedLine(value, file, line);
  }
}

/** What has been read, at its place: it may come from another version of Perkbook, or from somebody else. */
export function checkedLine(value: unknown, file: string, line: number): LogLine {
  const found = entryIn(value);
  return typeof found === 'string' ? { file, line, wrong: found } : { entry: found };
}

function entryIn(value: unknown): ApiLogEntry | string {
  const form = typeof value === 'object' && value !== null && 'log' in value ? value.log : undefined;
  if (typeof form === 'number' && form !== 1) return `has the form ${form}, and this perkbook knows 1: update perkbook`;
  if (check.matches(value)) return value;
  const [error] = check.errors ?? [];
  return `is no entry of a decision log: ${error?.instancePath || 'it'} ${error?.message ?? 'is not as it should be'}`;
}
