import type { Mask } from '../domain/mask.ts';

export interface LogQueueOptions {
  readonly masks: readonly Mask[];
  readonly sample: number;
  /** Is told why entries cannot be written, at every failure. */
  readonly onFailure: (error: unknown) => void;
  /** So many answers may wait. */
  readonly mostWaiting?: number;
  /** They may be about so many bytes. */
  readonly mostBytes?: number;
  /** How long answers are gathered before they are written. */
  readonly gatherMs?: number;
  readonly retryMs?: number;
}
