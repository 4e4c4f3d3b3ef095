import type { Decision } from '../domain/decision.ts';
import { Tally } from './tally.ts';

/** How often something was decided in one way. */
export interface DecisionCount {
  readonly ruleSet: string;
  readonly action: string;
  /** The code of the reason; null on an allow. */
  readonly reason: string | null;
  readonly count: number;
}

/**
 * Decisions by action and reason. INVARIANT: bounded by the rule files, because only questions that were understood are counted:
 * nothing a caller makes up becomes a name here.
 */
export class DecisionCounts {
  readonly #tally = new Tally<string | null>();
  #degraded = 0;

  note(ruleSet: string, action: string, { reason, degraded }: Decision): void {
    this.#tally.note(ruleSet, action, reason === null ? null : reason.code);
    if (degraded) this.#degraded++;
  }

  /** Those that were made with facts that were old or unreadable. */
  get degraded(): number {
    return this.#degraded;
  }

  *[Symbol.iterator](): Generator<DecisionCount> {
    for (const [ruleSet, action, reason, count] of this.#tally) yield { ruleSet, action, reason, count };
  }
}
