import type { Writable } from 'node:stream';

/** Writes a text where whoever collects it reads; resolves when it is on its way. Rejects where nobody reads. */
export type Print = (text: string) => Promise<void>;

export function printTo(stream: Writable): Print {
  // What is written to somebody who has gone fails, and must not end the process.
  stream.on('error', () => undefined);
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        if (error) reject(new Error(`nobody reads stdout: ${error.message}`, { cause: error }));
        else resolve();
      });
    });
}
