import { newest } from '../../decide/pick-version.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import type { CaseResult } from '../replay/results.ts';
import { goalsOf } from './coverage-goals.ts';
import type { Hits } from './coverage-hits.ts';

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
  const own = results.filter((each) => each.case.ruleSet === ruleSet.id);
  const reached = hits.of(ruleSet);
  const goals = goalsOf(version);
  const statements = Object.keys(version.statements);
  const gaps = [
    ...statements.flatMap((id) => statementGap(id, version, own) ?? []),
    ...goals.filter(({ id }) => !reached.has(id)).map(({ gap }) => gap),
  ];
  const total = goals.length + statements.length;
  return {
    ruleSet: ruleSet.id,
    version: version.ref.version,
    reached: total - gaps.length,
    total,
    gaps: own.length === 0 ? ['no scenario is about this rule set', ...gaps] : gaps,
  };
}

/**
 * What is missing for a statement to be proved: a scenario that passes, that says so, and in which an action is asked that fulfils
 * the statement. A table shows who may what at one instant; a promise is told as a story as well. Undefined where nothing is missing.
 */
function statementGap(id: string, version: Version, results: readonly CaseResult[]): string | undefined {
  const text = version.statements[id] ?? '';
  const proving = results.filter(({ outcome, case: { proves } }) => outcome === 'passed' && proves.includes(id));
  if (proving.length === 0) return `statement ${id} is proved by no scenario: ${text}`;
  const stories = proving.filter((each) => each.case.kind === 'scenario');
  if (stories.length === 0) return `statement ${id} is proved by tables only, and by no story: ${text}`;
  const fulfil = [...version.actions.values()].filter(({ source }) => source.includes(id)).map((action) => action.id);
  const asked = stories.some((each) => each.case.asks.some((action) => fulfil.includes(action)));
  return asked || fulfil.length === 0
    ? undefined
    : `statement ${id} is proved by no scenario that asks ${fulfil.join(' or ')}: ${text}`;
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
