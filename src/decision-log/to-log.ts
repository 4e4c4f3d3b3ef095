import type { ApiLogEntry } from '../generated/answers/log/entry.ts';
import type { Consumption } from '../use-cases/consumes/consumption.ts';
import type { Told } from '../use-cases/decisions/told.ts';

/** What of a question callers make as they like, as masks name it. */
export type Part = NonNullable<ApiLogEntry['leftOut']>[number];

/** An answer that a caller has been given, with what else its entry will say. */
export interface ToLog extends Told {
  /** What a consume did; absent where nothing was to be consumed. */
  readonly consumption?: Consumption | undefined;
  /** What of the question is not written down, as masks name it; absent where nothing is left out. */
  readonly leftOut?: readonly Part[] | undefined;
}
