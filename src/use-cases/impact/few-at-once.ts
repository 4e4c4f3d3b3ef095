import { Problem } from '../../domain/problem.ts';
import type { MeasureImpact } from './ports.ts';

/** Reading every member is work for minutes on a large store: whoever comes while others wait is asked to come again. */
const RETRY_AFTER_S = 5;

/** The same measuring, but only so many at a time. Throws `impact_running` (429) at once where that many are under way. */
export function fewAtOnce(measure: MeasureImpact, most: number): MeasureImpact {
  let running = 0;
  return async (question, watch) => {
    if (running >= most) {
      throw new Problem('impact_running', 'an impact is being measured already; ask again when it is done', {
        retryAfter: RETRY_AFTER_S,
      });
    }
    running++;
    try {
      return await measure(question, watch);
    } finally {
      running--;
    }
  };
}
