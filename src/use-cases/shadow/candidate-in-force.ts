import type { Instant } from '../../domain/instant.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import { startingAt } from '../../rules/starting-at.ts';
import { succeeding } from '../impact/succession.ts';

/**
 * The versions that judge questions about `at`, and after them a candidate as if it had started at `since`. Questions about the same
 * stretch of time get the same object.
 */
export class CandidateInForce {
  readonly #candidate: Version;
  readonly #since: Instant;
  #composed: { readonly live: RuleSet; readonly started: number; readonly ruleSet: RuleSet } | undefined;

  constructor(candidate: Version, since: Instant) {
    this.#candidate = candidate;
    this.#since = since;
  }

  at(live: RuleSet, at: Instant): RuleSet {
    const versions = live.versions.filter(({ from }, i) => i === 0 || from <= at);
    const known = this.#composed;
    if (known?.live === live && known.started === versions.length) return known.ruleSet;
    const from = Math.max(this.#since, versions.at(-1)?.from ?? this.#since);
    const succession = succeeding({ id: live.id, versions }, startingAt(this.#candidate, from));
    if (succession === undefined) throw new Error(`rule set \`${live.id}\` has no version`);
    this.#composed = { live, started: versions.length, ruleSet: succession.after };
    return succession.after;
  }
}
