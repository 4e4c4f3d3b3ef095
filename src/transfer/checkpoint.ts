import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Place } from './lines.ts';

const FORMAT = 'perkbook-import/1';
/** So much of what was read last tells whether the file is still the same. */
const TAIL = 4096;

interface Written extends Place {
  readonly format: typeof FORMAT;
  /** Where the members go, as a hash: an address may hold a password. */
  readonly into: string;
  /** A hash of the last bytes before the place. */
  readonly tail: string;
}

/** What says how far the import of a file came. */
export class Checkpoint {
  readonly path: string;
  readonly #file: string;
  readonly #into: string;

  constructor(file: string, into: string) {
    this.path = `${file}.checkpoint`;
    this.#file = file;
    this.#into = hashOf(into);
  }

  get isThere(): boolean {
    return existsSync(this.path);
  }

  /** Where to go on; a text that says why not where that cannot be told. */
  read(): Place | string {
    if (!this.isThere) return `there is nothing to go on with: no \`${this.path}\``;
    const found = written(readFileSync(this.path, 'utf8'));
    if (found === undefined)
      return `\`${this.path}\` is no checkpoint of an import: delete it, and import from the start`;
    const { line, bytes, into, tail } = found;
    if (into !== this.#into)
      return `\`${this.path}\` is of an import to another place: delete it, and import from the start`;
    if (tail !== this.#tailBefore(bytes)) {
      return `\`${this.#file}\` has changed before line ${line + 1}, where the import ended: import from the start`;
    }
    return { line, bytes };
  }

  /** In place of the last one, whole or not at all. */
  write({ line, bytes }: Place): void {
    const text: Written = { format: FORMAT, line, bytes, into: this.#into, tail: this.#tailBefore(bytes) };
    writeFileSync(`${this.path}.new`, `${JSON.stringify(text)}\n`);
    renameSync(`${this.path}.new`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #tailBefore(bytes: number): string {
    const buffer = Buffer.alloc(Math.min(TAIL, bytes));
    const file = openSync(this.#file, 'r');
    try {
      const read = readSync(file, buffer, 0, buffer.length, bytes - buffer.length);
      return hashOf(buffer.subarray(0, read));
    } finally {
      closeSync(file);
    }
  }
}

function written(text: string): Written | undefined {
  try {
    const found = JSON.parse(text) as Partial<Written>;
    const { format, line, bytes, into, tail } = found;
    const isWhole = Number.isSafeInteger(line) && Number.isSafeInteger(bytes) && typeof into === 'string';
    return format === FORMAT && isWhole && typeof tail === 'string' ? (found as Written) : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
