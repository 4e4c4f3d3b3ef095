import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Place } from './lines.ts';

const FORMAT = 'perkbook-import/2';
const PIECE = 1_048_576;

interface Written extends Place {
  readonly format: typeof FORMAT;
  /** Where the members go, as a hash: an address may hold a password. */
  readonly into: string;
  /** A hash of all that is before the place. */
  readonly before: string;
}

/** What says how far the import came can be neither written nor read, so that nobody could go on with it. */
export class CheckpointFailed extends Error {
  override readonly name = 'CheckpointFailed';
}

/** What says how far the import of a file came. */
export class Checkpoint {
  readonly path: string;
  readonly #file: string;
  readonly #into: string;
  /** Of the file from its start, as far as it is done. */
  #hash = createHash('sha256');
  #hashed = 0;

  constructor(file: string, into: string) {
    this.path = `${file}.checkpoint`;
    this.#file = file;
    this.#into = createHash('sha256').update(into).digest('hex');
  }

  get isThere(): boolean {
    return existsSync(this.path);
  }

  /** Where to go on; a text that says why not where that cannot be told. Throws `CheckpointFailed`. */
  read(): Place | string {
    if (!this.isThere) return `there is nothing to go on with: no \`${this.path}\``;
    const found = written(this.#orFailed('read', () => readFileSync(this.path, 'utf8')));
    if (found === undefined)
      return `\`${this.path}\` is no checkpoint of an import: delete it, and import from the start`;
    const { line, bytes, into, before } = found;
    if (into !== this.#into)
      return `\`${this.path}\` is of an import to another place: delete it, and import from the start`;
    if (before !== this.#hashBefore(bytes)) {
      return `\`${this.#file}\` has changed before line ${line + 1}, where the import ended: import from the start`;
    }
    return { line, bytes };
  }

  /** In place of the last one, whole or not at all. Throws `CheckpointFailed`. */
  write({ line, bytes }: Place): void {
    const text: Written = { format: FORMAT, line, bytes, into: this.#into, before: this.#hashBefore(bytes) };
    const made = `${this.path}.new`;
    this.#orFailed('written', () => {
      try {
        writeFileSync(made, `${JSON.stringify(text)}\n`);
        renameSync(made, this.path);
      } finally {
        rmSync(made, { force: true });
      }
    });
  }

  remove(): void {
    this.#orFailed('removed', () => rmSync(this.path, { force: true }));
  }

  /** Reads on from where it was last asked for: the file is read once more in all, not once more each time. */
  #hashBefore(bytes: number): string {
    if (bytes < this.#hashed) {
      this.#hash = createHash('sha256');
      this.#hashed = 0;
    }
    const file = openSync(this.#file, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(PIECE, bytes - this.#hashed));
      while (this.#hashed < bytes) {
        const read = readSync(file, buffer, 0, Math.min(buffer.length, bytes - this.#hashed), this.#hashed);
        // Shorter than it was: then the hash is another one, too.
        if (read === 0) break;
        this.#hash.update(buffer.subarray(0, read));
        this.#hashed += read;
      }
    } finally {
      closeSync(file);
    }
    return this.#hash.copy().digest('hex');
  }

  #orFailed<T>(what: 'read' | 'written' | 'removed', work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const reason = (cause as Error).message;
      const message = `\`${this.path}\`, which says how far the import came, cannot be ${what}: ${reason}`;
      throw new CheckpointFailed(message, { cause });
    }
  }
}

function written(text: string): Written | undefined {
  try {
    const found = JSON.parse(text) as Partial<Written>;
    const { format, line, bytes, into, before } = found;
    const isWhole = Number.isSafeInteger(line) && Number.isSafeInteger(bytes) && typeof into === 'string';
    return format === FORMAT && isWhole && typeof before === 'string' ? (found as Written) : undefined;
  } catch {
    return undefined;
  }
}
