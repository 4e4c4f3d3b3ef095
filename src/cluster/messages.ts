import type { Config } from '../config/config.ts';
import type { StopOptions } from '../http/server.ts';
import type { Sample } from '../metrics/metrics.ts';

/** What the primary process says to a worker. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly config: Config }
  | { readonly kind: 'stop'; readonly options: StopOptions }
  /** Asks whether it still does anything. */
  | { readonly kind: 'ping' }
  /** Asks for its metrics. */
  | { readonly kind: 'sample'; readonly id: number }
  /** The metrics of all the others, for the one who asked. */
  | { readonly kind: 'gathered'; readonly id: number; readonly samples: readonly Sample[] }
  /** What it gave to print is written; or why it is not. */
  | { readonly kind: 'printed'; readonly id: number; readonly error: string | undefined };

/** What a worker that answers says of itself. */
export interface Answering {
  /** The line that says where. */
  readonly greeting: string;
  /** The line that says where to look first. */
  readonly triedOn: string;
  /** Whether nobody has to say who they are. */
  readonly isOpen: boolean;
}

/** What a worker says to the primary process. */
export type ToPrimary =
  /** It listens to what it is told, and has not begun. */
  | { readonly kind: 'here' }
  | { readonly kind: 'ready'; readonly answering: Answering }
  | { readonly kind: 'alive' }
  | { readonly kind: 'sampled'; readonly id: number; readonly sample: Sample }
  /** Somebody scrapes it: asks for the metrics of the others, and gives its own along. */
  | { readonly kind: 'gather'; readonly id: number; readonly own: Sample }
  /** Gives it something for stdout, in whole lines. */
  | { readonly kind: 'print'; readonly id: number; readonly text: string };
