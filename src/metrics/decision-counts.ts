import type { Decision } from '../domain/decision.ts';

/** How often something was decided in one way. */
export interface DecisionCount {
  readonly ruleSet: string;
  readonly action: string;
  /** The code of the reason; null on an allow. */
  readonly reason: string | null;
  readonly count: number;
}

type Counter = { count: number };

/**
 * Decisions by action and reason. INVARIANT: bounded by the rule files, because only questions that were understood are counted:
 * nothing a caller makes up becomes a name here.
 */
export class DecisionCounts {
  /** Maps in maps: looking three short texts up costs less than putting them together. */
  readonly #counters = new Map<string, Map<string, Map<string | null, Counter>>>();
  #degraded = 0;

  note(ruleSet: string, action: string, { reason, degraded }: Decision): void {
    const code = reason === null ? null : reason.code;
    const counter = this.#counters.get(ruleSet)?.get(action)?.get(code) ?? this.#begin(ruleSet, action, code);
    counter.count++;
    if (degraded) this.#degraded++;
  }

  /** Those that were made with facts that were old or unreadable. */
  get degraded(): number {
    return this.#degraded;
  }

  *[Symbol.iterator](): Generator<DecisionCount> {
    for (const [ruleSet, actions] of this.#counters) {
      for (const [action, reasons] of actions) {
        for (const [reason, { count }] of reasons) yield { ruleSet, action, reason, count };
      }
    }
  }

  #begin(ruleSet: string, action: string, code: string | null): Counter {
    const actions = this.#counters.get(ruleSet) ?? new Map<string, Map<string | null, Counter>>();
    this.#counters.set(ruleSet, actions);
    const reasons = actions.get(action) ?? new Map<string | null, Counter>();
    actions.set(action, reasons);
    const counter = { count: 0 };
    reasons.set(code, counter);
    return counter;
  }
}
