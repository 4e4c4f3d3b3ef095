import { Problem } from '../../domain/problem.ts';
import { StoreUnreachable, UnknownStoreFormat } from '../ports.ts';

/** Waits for the store. One that cannot be reached is the problem `facts_unreachable`: nothing was decided, ask again. */
export async function reachable<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownStoreFormat) {
      throw new Problem('facts_unreadable', `${error.message}; nothing was changed`, { cause: error });
    }
    if (!(error instanceof StoreUnreachable)) throw error;
    throw new Problem('facts_unreachable', 'the member facts cannot be reached; ask again in a second', {
      retryAfter: 1,
      cause: error,
    });
  }
}
