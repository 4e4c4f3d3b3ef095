import { NotDone } from './errors.ts';

type ErrorClass = abstract new (...args: never[]) => Error;

/** Does the work; an error of one of these classes is an expected trouble, said in one line and with exit code 70. */
export async function orNotDone<T>(work: () => T | Promise<T>, ...expected: readonly ErrorClass[]): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && expected.some((each) => error instanceof each)) {
      throw new NotDone(error.message, { cause: error });
    }
    throw error;
  }
}
