import { newest } from '../decide/pick-version.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { goalsOf, statementId } from './coverage-goals.ts';
import type { Hits } from './coverage-hits.ts';
import type { CaseResult } from './results.ts';

export { Hits } from './coverage-hits.ts';

/** How much of the newest version of a rule set some scenario reaches. */
export interface Coverage {
  readonly ruleSet: string;
  readonly version: number;
  readonly reached: number;
  readonly total: number;
  /** What no scenario reaches, a line each. */
  readonly gaps: readonly string[];
}

/** `hits`: collected while the scenarios were replayed through the core door. Only what passes proves a statement. */
export function coverageOf(ruleSet: RuleSet, hits: Hits, results: readonly CaseResult[]): Coverage {
  const version = newest(ruleSet);
  const proved = results
    .filter((each) => each.outcome === 'passed' && each.case.ruleSet === ruleSet.id)
    .flatMap((each) => each.case.proves.map(statementId));
  const reached = new Set([...hits.of(version), ...proved]);
  const goals = goalsOf(version);
  const gaps = goals.filter(({ id }) => !reached.has(id)).map(({ gap }) => gap);
  return {
    ruleSet: ruleSet.id,
    version: version.ref.version,
    reached: goals.length - gaps.length,
    total: goals.length,
    gaps,
  };
}

/** In percent, rounded down to a tenth: 100 means all. */
export function percentOf({ reached, total }: Coverage): number {
  return total === 0 ? 100 : Math.floor((reached / total) * 1000) / 10;
}

/** `needed`: what it should be, in percent. Says each gap on a line of its own. */
export function coverageText(coverage: Coverage, needed = 100): string {
  const { ruleSet, version, reached, total, gaps } = coverage;
  const percent = percentOf(coverage);
  const need = percent < needed ? `, needs ${needed} %` : '';
  const head = `coverage of ${ruleSet} v${version}: ${percent} % (${reached} of ${total})${need}`;
  return [head, ...gaps.map((gap) => `  ${gap}`)].join('\n');
}
