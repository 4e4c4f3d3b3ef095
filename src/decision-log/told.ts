import type { Consumption } from '../use-cases/consumes/consumption.ts';
import type { Answered } from '../use-cases/decisions/ask.ts';

/** An answer that a caller has been given. */
export interface Told {
  readonly id: string;
  readonly answered: Answered;
  readonly caller: string;
  readonly requestId: string;
  /** What a consume did; absent where nothing was to be consumed. */
  readonly consumption?: Consumption | undefined;
}
