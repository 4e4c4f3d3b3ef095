import { Readable } from 'node:stream';

/**
 * What comes until the signal, and then the end: stdin may have nothing more to say for a long time. INVARIANT: nothing that lives as long
 * as the signal refers to what has come: a promise that is raced again and again would hold it all.
 */
export async function* until<T>(signal: AbortSignal, source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let end = (): void => {};
  const onAbort = () => end();
  signal.addEventListener('abort', onAbort);
  try {
    while (!signal.aborted) {
      const next = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        end = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The iterator of a stream ends only after what it waits for, and would keep the process until then.
    if (source instanceof Readable) source.destroy();
    else void iterator.return?.();
  }
}
