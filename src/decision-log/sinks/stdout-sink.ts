import type { Writable } from 'node:stream';
import type { Sink } from './sink.ts';

/** JSON Lines on stdout, for whoever collects what a container writes. */
export function stdoutSink(stream: Writable = process.stdout): Sink<string> {
  // Whoever read it may have gone: what is written then fails, and must not end the process.
  stream.on('error', ignore);
  return {
    form: (entry) => `${JSON.stringify(entry)}\n`,
    write: (lines) =>
      new Promise((resolve, reject) => {
        stream.write(lines.join(''), (error) => (error ? reject(error) : resolve({ done: lines.length, dropped: 0 })));
      }),
    async close() {
      stream.off('error', ignore);
    },
  };
}

function ignore(): void {}
