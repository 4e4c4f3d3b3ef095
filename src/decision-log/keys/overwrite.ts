import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

const CHUNK = 1_048_576;

/** Where in a file these bytes are. */
export async function placesOf(bytes: Buffer, path: string): Promise<readonly number[]> {
  const places: number[] = [];
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK + bytes.length);
    for (let from = 0; ; from += CHUNK) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      const read = buffer.subarray(0, bytesRead);
      for (let at = read.indexOf(bytes); at !== -1 && at < CHUNK; at = read.indexOf(bytes, at + 1))
        places.push(from + at);
      if (bytesRead < buffer.length) return places;
    }
  } finally {
    await file.close();
  }
}

/** Puts zeros in the place of these bytes, wherever they still are. */
export function overwrite(bytes: Buffer, path: string, places: readonly number[]): void {
  const file = openSync(path, 'r+');
  try {
    const found = Buffer.alloc(bytes.length);
    for (const place of places) {
      readSync(file, found, 0, found.length, place);
      if (found.equals(bytes)) writeSync(file, Buffer.alloc(bytes.length), 0, bytes.length, place);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
