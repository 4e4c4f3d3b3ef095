import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import type { Rejected } from '../../transfer/import-members.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

/** So many are told one by one; the others only counted. */
const TOLD = 20;
const NEWLINE = Buffer.from('\n');

/** The lines that were left out, as they were, in a file that can be imported once it is mended. Without a path: only told. */
export class Rejects {
  readonly path: string | undefined;
  readonly #of: string;
  readonly #terminal: Terminal;
  #file: number | undefined;
  #count = 0;

  constructor(path: string | undefined, of: string, terminal: Terminal) {
    this.path = path;
    this.#of = of;
    this.#terminal = terminal;
  }

  /** What an earlier import left out may not have been mended yet. */
  requireNone(): void {
    if (this.path === undefined || !existsSync(this.path)) return;
    throw new WrongUse(
      `\`${this.path}\` is there already, from an earlier import: import it too, or move it away, before it is written anew`,
    );
  }

  /** Says what is wrong with a line, with its number and field. */
  tell({ line, problem }: Rejected): void {
    this.#count += 1;
    if (this.#count > TOLD) return;
    const { field, message, didYouMean } = problem;
    const where = field === undefined || field === '' ? '' : ` ${field}:`;
    const hint = didYouMean === undefined ? '' : `; did you mean \`${didYouMean}\`?`;
    this.#terminal.err(`${this.#of}:${line.number}:${where} ${message}${hint}\n`);
  }

  keep({ line: { number, bytes } }: Rejected): void {
    if (this.path === undefined) return;
    if (bytes === undefined) {
      this.#terminal.err(`line ${number} is in \`${this.#of}\` only: it is too long to be kept in \`${this.path}\`\n`);
      return;
    }
    try {
      this.#file ??= openSync(this.path, 'a');
      // In one piece: a line without its end would become one with the next.
      writeSync(this.#file, Buffer.concat([bytes, NEWLINE]));
    } catch (cause) {
      throw new NotDone(`\`${this.path}\` cannot be written: ${(cause as Error).message}`, { cause });
    }
  }

  close(): void {
    if (this.#count > TOLD) this.#terminal.err(`… and ${this.#count - TOLD} more\n`);
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#terminal.err(`the lines that were left out are in \`${this.path}\`: mend them there, and import that file\n`);
  }
}
