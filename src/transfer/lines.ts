/** One line of a file, and where the next one begins. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** As they were, without the end of the line; undefined where it is longer than any member. */
  readonly bytes: Buffer | undefined;
  /** How many bytes of the file lie before the next line. */
  readonly end: number;
}

/** Where reading begins: behind so many lines and bytes. */
export interface Place {
  readonly line: number;
  readonly bytes: number;
}

/** A member has at most about 5 MiB; written with escapes and spaces it may take more. */
const LONGEST = 32 * 1_048_576;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** With which some programs begin a file, to say that it is UTF-8. */
const MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** The lines of a stream, one chunk in memory at a time. A file without line ends does not fill the memory either. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  from: Place = { line: 0, bytes: 0 },
  longest = LONGEST,
): AsyncGenerator<Line> {
  let number = from.line;
  let end = from.bytes;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  };
  const line = (newline: number): Line => {
    end += length + newline;
    number += 1;
    const bytes = length > longest ? undefined : bytesOf(parts, end === length + newline);
    parts = [];
    length = 0;
    return { number, bytes, end };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      yield line(1);
      start = at + 1;
    }
    take(chunk.subarray(start));
  }
  if (length > 0) yield line(0);
}

/** Without a mark at the beginning of the file, and without the first character of an end that has two. */
function bytesOf(parts: readonly Buffer[], isFirst: boolean): Buffer {
  const [only] = parts;
  const all = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  const start = isFirst && all.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  return all.subarray(start, all.at(-1) === RETURN ? -1 : undefined);
}
