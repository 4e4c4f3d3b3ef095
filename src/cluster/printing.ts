import type { Print } from '../wiring/print.ts';
import type { ToPrimary } from './messages.ts';

/** What a worker prints. INVARIANT: one process writes it all: several that write into one pipe tear each other's lines apart. */
export class Printing {
  readonly #say: (message: ToPrimary) => void;
  readonly #waiting = new Map<number, (error: string | undefined) => void>();
  #ids = 0;

  constructor(say: (message: ToPrimary) => void) {
    this.#say = say;
  }

  readonly print: Print = (text) =>
    new Promise((resolve, reject) => {
      const id = this.#ids++;
      this.#waiting.set(id, (error) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve();
        else reject(new Error(error));
      });
      this.#say({ kind: 'print', id, text });
    });

  /** The primary process has written it, or says why it could not. */
  printed(id: number, error: string | undefined): void {
    this.#waiting.get(id)?.(error);
  }
}
