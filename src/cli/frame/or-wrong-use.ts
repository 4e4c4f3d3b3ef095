import { EditRefused } from '../../rules/edit/edit-refused.ts';
import { WrongUse } from './errors.ts';

/** Does the work; an edit that is refused was a wrong use. */
export function orWrongUse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof EditRefused) throw new WrongUse(error.message, error.didYouMean, { cause: error });
    throw error;
  }
}
