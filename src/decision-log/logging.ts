import type { LogQueue } from './log-queue.ts';
import { isSampled } from './sampled.ts';
import type { ToLog } from './to-log.ts';

/** Hands the log what is wanted of it: every denial, and of allows the share that is. Never throws, and takes no time. */
export function logging(queue: LogQueue, sampleAllows: number): (told: ToLog) => void {
  return (told) => {
    if (!told.answered.decision.allowed || isSampled(told.id, sampleAllows)) queue.add(told);
  };
}
