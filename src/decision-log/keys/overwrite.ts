import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

const CHUNK = 262_144;
/** More than any row has. */
const OVERLAP = 4096;

/** What is to be found in a file: rows by their last part, which no other row has. */
export interface Rows {
  /** Finds what may be such a part; global. */
  readonly part: RegExp;
  readonly byPart: ReadonlyMap<string, Buffer>;
}

export interface Place {
  readonly at: number;
  readonly row: Buffer;
}

/** Where in a file these rows are: by looking through it once, however many they are. */
export async function placesOf({ part, byPart }: Rows, path: string): Promise<readonly Place[]> {
  const places: Place[] = [];
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK + 2 * OVERLAP);
    for (let from = 0; ; from += CHUNK) {
      const start = Math.max(0, from - OVERLAP);
      const { bytesRead } = await file.read(buffer, 0, from + CHUNK + OVERLAP - start, start);
      const read = buffer.subarray(0, bytesRead);
      for (const { 0: found, index } of read.toString('latin1').matchAll(part)) {
        const row = byPart.get(found);
        if (row === undefined || start + index < from || start + index >= from + CHUNK) continue;
        const at = index + found.length - row.length;
        if (at >= 0 && row.equals(read.subarray(at, at + row.length))) places.push({ at: start + at, row });
      }
      if (start + bytesRead < from + CHUNK) return places;
    }
  } finally {
    await file.close();
  }
}

/** Puts zeros in the place of these rows, wherever they still are. */
export function overwrite(places: readonly Place[], path: string): void {
  const file = openSync(path, 'r+');
  try {
    for (const { at, row } of places) {
      const found = Buffer.alloc(row.length);
      readSync(file, found, 0, found.length, at);
      if (found.equals(row)) writeSync(file, Buffer.alloc(row.length), 0, row.length, at);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
