import { isDeepStrictEqual } from 'node:util';
import { checkQuestion } from '../../api/decisions/check-question.ts';
import { decide, judgingAt } from '../../decide/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Question } from '../../domain/question.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import { actionIn } from '../../use-cases/decisions/action-named.ts';
import { CandidateInForce } from '../../use-cases/shadow/candidate-in-force.ts';
import { type ShadowDifference, shadowDifference } from '../../use-cases/shadow/shadow-difference.ts';
import { actionReads } from '../entry/action-reads.ts';
import { catalogued } from '../entry/catalogued.ts';
import { countedPeriod } from '../entry/facts-read.ts';
import type { Again } from './from-log-entry.ts';
import type { NotJudged } from './not-judged.ts';
import { hiddenFrom, type Replayed } from './replay-entry.ts';

export type Judged =
  | { readonly notJudged: NotJudged }
  | { readonly decision: Decision; readonly difference: ShadowDifference | undefined };

/** Judges old questions as if a candidate had started at `since`, for whom it then applies to, on top of the versions of then. */
export class Candidate {
  readonly #ruleSet: string;
  readonly #since: Instant;
  readonly #inForce: CandidateInForce;

  constructor(ruleSet: string, version: Version, since: Instant) {
    this.#ruleSet = ruleSet;
    this.#since = since;
    this.#inForce = new CandidateInForce(version, since);
  }

  /** `replayed`: the same question by the rules of then. */
  judge(entry: ApiLogEntry, { again, ruleSet, decision: before }: Extract<Replayed, { again: Again }>): Judged {
    const { at, facts } = again;
    if (ruleSet.id !== this.#ruleSet) return { notJudged: 'another_rule_set' };
    if (at < this.#since) return { notJudged: 'before_the_candidate' };
    const after = this.#inForce.at(ruleSet, at);
    const member = facts.state === 'unreachable' ? undefined : facts.member;
    const question = asCandidateTakesIt(again, after);
    if (question === undefined) return { notJudged: 'question_refused' };
    const judging = judgingAt(after, member, question, at);
    const hidden = hiddenFrom(judging.action, entry, again) ?? cataloguedOtherwise(again, judging.version, ruleSet);
    if (hidden !== undefined) return { notJudged: hidden };
    if (member !== undefined && actionReads(judging.action).attributes.some((name) => !isLogged(entry, name))) {
      return { notJudged: 'attribute_not_logged' };
    }
    const decision = decide({ ruleSet: after, facts, question, now: at });
    const unknown = unknownUsage(entry, again, decision, { before: ruleSet, after });
    if (unknown !== undefined) return { notJudged: unknown };
    return { decision, difference: shadowDifference(before, decision) };
  }
}

/** The question as the candidate takes it, new inputs filled in; undefined where a caller would be told that it cannot be understood. */
function asCandidateTakesIt({ question, at }: Again, after: RuleSet): Question | undefined {
  const action = actionIn(after, question.action, at);
  if (action === undefined) return undefined;
  const { subject, input, resource, context, amount } = question;
  try {
    return checkQuestion(action, subject, {
      input,
      context,
      amount,
      ...(resource === null
        ? {}
        : {
            resource: {
              type: resource.type,
              properties: resource.properties,
              ...(resource.id === null ? {} : { id: resource.id }),
            },
          }),
    });
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** The user is known by what the catalogue of then said; what another says may be the same user or not. */
function cataloguedOtherwise(
  { question: { resource }, isNamed }: Again,
  candidate: Version,
  before: RuleSet,
): NotJudged | undefined {
  if (resource?.id == null || isNamed) return undefined;
  const [then] = before.versions.slice(-1).map((version) => catalogued(version, resource));
  return isDeepStrictEqual(catalogued(candidate, resource), then) ? undefined : 'about_the_user';
}

function isLogged({ facts }: ApiLogEntry, attribute: string): boolean {
  return facts.attributes !== undefined && Object.hasOwn(facts.attributes, attribute);
}

/** Usage that the answer has in it and the log has not: of a perk that was not asked about, or of another period. */
function unknownUsage(
  { facts }: ApiLogEntry,
  again: Again,
  decision: Decision,
  { before, after }: { readonly before: RuleSet; readonly after: RuleSet },
): NotJudged | undefined {
  if (again.facts.state === 'unreachable' || again.facts.member === undefined) return undefined;
  const judging = judgingAt(after, again.facts.member, again.question, again.at);
  for (const { card } of judging.action.parts) {
    if (card.kind.per === undefined || !Object.hasOwn(decision.values, card.id)) continue;
    const logged = facts.usage?.[card.id];
    if (logged === undefined) {
      // Nothing can have been used of what there was not.
      if (before.versions.some((version) => version.cards.has(card.id))) return 'usage_not_logged';
      continue;
    }
    const period = countedPeriod(card, card.kind.per, after, judging, again.at);
    if (period === null) continue;
    const from = logged.from === null ? undefined : Date.parse(logged.from);
    const until = logged.until === null ? undefined : Date.parse(logged.until);
    if (from === undefined || until === undefined) return 'another_period';
    const same = period.start === from && period.end === until;
    const isInside = logged.times === 0 && period.start >= from && period.end <= until;
    if (!same && !isInside) return 'another_period';
  }
  return undefined;
}
