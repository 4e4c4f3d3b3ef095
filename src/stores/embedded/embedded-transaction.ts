import type { RootDatabase } from 'lmdb';
import { StoreUnreachable } from '../../use-cases/ports.ts';

/**
 * Runs `work` inside LMDB's write transaction and resolves when it is on disk. Transactions asked for at the same time
 * share one sync. Whatever fails is thrown through `asUnreachable`.
 *
 * After `timeoutMs` it throws `StoreUnreachable`, and `work` is not started any more.
 */
export async function runTransaction<T>(
  root: RootDatabase<unknown, string>,
  work: () => T,
  timeoutMs: number,
  asUnreachable: (cause: unknown) => unknown,
): Promise<T> {
  let gaveUp = false;
  let thrown: { readonly error: unknown } | undefined;
  const transaction = root.transaction(() => {
    if (gaveUp) return undefined;
    try {
      return { value: work() };
    } catch (error) {
      thrown = { error };
      return undefined;
    }
  });

  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      gaveUp = true;
      reject(new StoreUnreachable(`the data folder was not free to write for ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    const done = await Promise.race([transaction, timeout]);
    if (thrown !== undefined) throw thrown.error;
    if (done === undefined) throw new StoreUnreachable('the write was given up');
    return done.value;
  } catch (error) {
    if (error instanceof StoreUnreachable) throw error;
    throw asUnreachable(await lmdbReason(error));
  } finally {
    clearTimeout(timer);
  }
}

/** LMDB says only "commit failed" and has the reason in a second promise, which nobody else handles. */
async function lmdbReason(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}
