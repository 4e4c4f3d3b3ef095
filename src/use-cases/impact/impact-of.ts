import type { Member } from '../../domain/member.ts';
import type { Impact, ImpactProgress } from './impact.ts';
import { comparisonsFor, impactCount, impactFrom } from './impact-count.ts';
import type { ImpactQuestion } from './question-at.ts';

export interface ImpactOf extends ImpactQuestion {
  /** A page at a time: the memory that it takes does not grow with the store. */
  readonly pages: AsyncIterable<readonly Member[]> | Iterable<readonly Member[]>;
  /** How many members there are about, for `onProgress`. */
  readonly total?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImpactProgress) => void;
}

/**
 * What a candidate would do to the members: both rule sets judge each of them at the same instant, with every version's policy. Nobody
 * is written to. Stopped, it says what it knows, marked `partial`.
 */
export async function impactOf({ pages, total = 0, signal, onProgress, ...question }: ImpactOf): Promise<Impact> {
  const comparisons = comparisonsFor(question);
  const { add, counted } = impactCount(question, comparisons);
  let stopped = signal?.aborted === true;
  if (!stopped) {
    for await (const page of pages) {
      for (const member of page) add(member);
      const done = counted.now.members;
      onProgress?.({ done, total: Math.max(done, total) });
      stopped = signal?.aborted === true;
      if (stopped) break;
    }
  }
  return impactFrom(question, comparisons.present.touched.recounted, counted, stopped);
}
