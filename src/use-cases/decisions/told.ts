import type { Answered } from './ask.ts';

/** An answer on its way to a caller, under the id that the caller gets. */
export interface Told {
  readonly id: string;
  readonly answered: Answered;
  readonly caller: string;
  readonly requestId: string;
}
