import { createReadStream, statSync } from 'node:fs';
import type { Place } from '../../transfer/lines.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';

const STDIN = '-';

/** What an import reads. */
export interface ImportInput {
  /** For people. */
  readonly shown: string;
  /** Absent for stdin and for a pipe, which nobody can go on with. */
  readonly file: string | undefined;
  /** In bytes; undefined where only the end tells. */
  readonly size: number | undefined;
  chunks(from: Place): AsyncIterable<Buffer>;
}

/** The file, pipe or stdin that a word names. Throws `WrongUse`. */
export function inputNamed(word: string): ImportInput {
  if (word === STDIN) return { shown: 'stdin', file: undefined, size: undefined, chunks: () => process.stdin };
  const found = statSync(word, { throwIfNoEntry: false });
  if (found === undefined) throw new WrongUse(`there is no file \`${word}\``);
  if (found.isDirectory()) throw new WrongUse(`\`${word}\` is a folder; name a file in it`);
  if (found.isFile())
    return { shown: word, file: word, size: found.size, chunks: (from) => chunksOf(word, from.bytes) };
  return { shown: word, file: undefined, size: undefined, chunks: () => chunksOf(word) };
}

/** `start`: only of a file; in a pipe there are no places. */
async function* chunksOf(path: string, start?: number): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, start === undefined ? {} : { start });
  } catch (cause) {
    throw new NotDone(`\`${path}\` cannot be read: ${(cause as Error).message}`, { cause });
  }
}
