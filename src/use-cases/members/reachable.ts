import { Problem } from '../../domain/problem.ts';
import { StoreUnreachable, UnknownStoreFormat } from '../ports.ts';

/**
 * Waits for the store. One that cannot be reached is the problem `facts_unreachable`: nothing was decided, ask again. `does`: who asked for a
 * change is told that there was none.
 */
export async function reachable<T>(work: () => T | Promise<T>, does: 'read' | 'write' = 'read'): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnknownStoreFormat) {
      const unchanged = does === 'write' ? '; nothing was changed' : '';
      throw new Problem('facts_unreadable', `${error.message}${unchanged}`, { cause: error });
    }
    if (!(error instanceof StoreUnreachable)) throw error;
    throw new Problem('facts_unreachable', 'the member facts cannot be reached; ask again in a second', {
      retryAfter: 1,
      cause: error,
    });
  }
}
