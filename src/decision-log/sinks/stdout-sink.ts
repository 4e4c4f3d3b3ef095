import type { Sink } from './sink.ts';

/** JSON Lines for whoever collects what a container writes. `print`: writes a text there; rejects where nobody reads. */
export function stdoutSink(print: (text: string) => Promise<void>): Sink<string> {
  return {
    form: (entry) => `${JSON.stringify(entry)}\n`,
    write: async (lines) => {
      await print(lines.join(''));
      return { done: lines.length, dropped: 0 };
    },
    close: async () => undefined,
  };
}
