import { reachable } from '../members/reachable.ts';
import type { Clock } from '../ports.ts';
import type { Candidate, Loss, LossCheck } from '../rule-sets/ports.ts';
import type { MeasureImpact } from './ports.ts';
import { questionAt } from './question-at.ts';
import { successionOf } from './succession.ts';

/**
 * How many members a candidate takes something from, judged now, as if it had started: at its start most of today's terms may be
 * over. Those who gain something else are among them. Who loses only with the next term has until then to choose, and is not.
 */
export function lossCheck(measure: MeasureImpact, clock: Clock, threshold: number): LossCheck {
  return {
    threshold,
    async lossOf({ book, version }: Candidate): Promise<Loss> {
      const ruleSet = book.ruleSets.get(version.ref.id);
      const succession = ruleSet === undefined ? undefined : successionOf(ruleSet, version.ref.version);
      if (succession === undefined) return { members: 0, lose: 0 };
      const { members, lose, mixed } = await reachable(() => measure(questionAt(succession, clock.now())));
      return { members, lose: lose + mixed };
    },
  };
}
