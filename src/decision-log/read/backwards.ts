import { open, stat } from 'node:fs/promises';

const CHUNK = 65_536;
/** Of a file whose turn may not come only the end is looked at, and there may be thousands of them. */
const FIRST_CHUNK = 4096;
const NEWLINE = 10;

/**
 * A file that is read in parts. INVARIANT: it is open only while a part is read: a log may have more files than a process may have open.
 */
export interface PartedFile {
  readonly path: string;
  readonly size: number;
}

/** As long as it is now: what is written meanwhile is left for the next who reads. */
export async function partedFile(path: string): Promise<PartedFile> {
  return { path, size: (await stat(path)).size };
}

/** The whole lines of a file before the offset, the last one first. What is still being written, without its end, is left out. */
export async function* linesBackwards(file: PartedFile, end: number): AsyncGenerator<string> {
  // The end of a line whose beginning has not been read yet; undefined until the first line end is found.
  let rest: Buffer | undefined;
  let length = FIRST_CHUNK;
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - length);
    let chunk = await readRange(file, from, to);
    to = from;
    length = Math.min(CHUNK, 2 * length);
    for (let at = chunk.lastIndexOf(NEWLINE); at !== -1; at = chunk.lastIndexOf(NEWLINE)) {
      if (rest !== undefined) yield Buffer.concat([chunk.subarray(at + 1), rest]).toString();
      rest = EMPTY;
      chunk = chunk.subarray(0, at);
    }
    if (rest !== undefined) rest = Buffer.concat([chunk, rest]);
  }
  if (rest !== undefined && rest.length > 0) yield rest.toString();
}

const EMPTY = Buffer.alloc(0);

/** The first whole line at or behind the offset, with where the next one begins; undefined where none is left. */
export async function lineBehind(
  file: PartedFile,
  offset: number,
): Promise<{ readonly line: string; readonly end: number } | undefined> {
  // From the middle of a line on only its end is seen; what begins here is told by the line end before it.
  let start = offset === 0 ? 0 : undefined;
  let read = EMPTY;
  let from = offset === 0 ? 0 : offset - 1;
  const base = from;
  while (from < file.size) {
    const to = Math.min(file.size, from + CHUNK);
    read = Buffer.concat([read, await readRange(file, from, to)]);
    from = to;
    if (start === undefined) {
      const before = read.indexOf(NEWLINE);
      if (before === -1) continue;
      start = before + 1;
    }
    const end = read.indexOf(NEWLINE, start);
    if (end !== -1) return { line: read.subarray(start, end).toString(), end: base + end + 1 };
  }
  return undefined;
}

async function readRange({ path }: PartedFile, from: number, to: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await handle.read(buffer, 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
