import { Problem } from '../../domain/problem.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import type { AnswerObserver } from '../decisions/ask.ts';
import type { Clock } from '../ports.ts';
import { Shadow, type ShadowOptions, type ShadowReport } from './shadow.ts';

const DEFAULTS: ShadowOptions = {
  sample: 1,
  mostWaiting: 1_000,
  atOnce: 25,
  // A timer, because the answers of this turn are written by its `setImmediate`.
  later: (work) => void setTimeout(work, 1).unref(),
  random: Math.random,
};

/** At most one candidate for each rule set judges beside the versions in force. */
export class Shadows {
  readonly #clock: Clock;
  readonly #defaults: ShadowOptions;
  readonly #shadows = new Map<string, Shadow>();
  /** Undefined while no candidate judges: then nobody is told anything. */
  observer: AnswerObserver | undefined;

  constructor(clock: Clock, defaults: Partial<ShadowOptions> = {}) {
    this.#clock = clock;
    this.#defaults = { ...DEFAULTS, ...defaults };
  }

  /** Replaces the one that there is; counting begins anew. */
  put(ruleSet: RuleSet, candidate: Version, options: Partial<ShadowOptions> = {}): ShadowReport {
    const shadow = new Shadow(candidate, this.#clock.now(), { ...this.#defaults, ...options });
    this.#shadows.set(ruleSet.id, shadow);
    this.#watch();
    return shadow.report();
  }

  /** Problem: `unknown_shadow`. */
  report(ruleSet: string): ShadowReport {
    const shadow = this.#shadows.get(ruleSet);
    if (shadow === undefined) throw unknownShadow(ruleSet);
    return shadow.report();
  }

  /** Problem: `unknown_shadow`. */
  remove(ruleSet: string): void {
    if (!this.#shadows.delete(ruleSet)) throw unknownShadow(ruleSet);
    this.#watch();
  }

  #watch(): void {
    const shadows = this.#shadows;
    this.observer =
      shadows.size === 0
        ? undefined
        : { observe: (answered) => shadows.get(answered.asked.ruleSetId)?.observe(answered) };
  }
}

function unknownShadow(ruleSet: string): Problem {
  return new Problem('unknown_shadow', `no candidate judges beside \`${ruleSet}\`; put one there with \`PUT\``);
}
