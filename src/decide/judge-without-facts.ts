import type { Reason } from '../domain/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { Question } from '../domain/question.ts';
import { STRANGER } from '../domain/standing.ts';
import { isOpenToAll } from '../rules/kinds/access.ts';
import type { Action, Part, Version } from '../rules/rule-set.ts';
import { answersOf } from './answers.ts';
import { reasonOf, type Verdict } from './judge.ts';
import { QuestionFrame } from './question-frame.ts';

/**
 * Judges an action whose asker's facts cannot be read. What does not depend on who asks is judged as ever; a perk goes by
 * its `whenFactsUnavailable`; a check that reads the member denies.
 */
export function judgeWithoutFacts(version: Version, action: Action, question: Question, at: Instant): Verdict {
  const frame = new QuestionFrame(version, question, undefined, STRANGER);
  const deny = (reason: Reason, values: Verdict['values'] = {}): Verdict => ({
    reason,
    values,
    answers: null,
    effects: [],
    until: null,
  });

  for (const part of action.parts) {
    if (part.first === null || takesPart(part, frame) !== true) continue;
    const asker = { member: undefined, standing: STRANGER, at, amount: question.amount, frame };
    const findings = part.card.kind.find(asker, part.verb);
    frame.perk[part.card.id] = findings.facts;
    if (!part.first.holds(frame)) {
      return deny(reasonOf(part.first, part.card.id), { [part.card.id]: findings.values });
    }
  }
  for (const check of action.checks) {
    if (check.reads.member) return deny(unavailable(null, action.title, null));
    if (!check.holds(frame)) return deny(reasonOf(check, null));
  }
  for (const part of action.parts) {
    if (takesPart(part, frame) === false || isOpenToAll(part.card.kind.name, part.verb)) continue;
    if (part.card.whenFactsUnavailable === 'deny') {
      const { id, title, says } = part.card;
      return deny(unavailable(id, title, says.facts_unavailable ?? null));
    }
  }
  return {
    reason: null,
    values: {},
    answers: answersOf(
      action.answers.filter((answer) => !answer.reads.member),
      frame,
    ),
    effects: [],
    until: null,
  };
}

function unavailable(perk: string | null, title: string, says: string | null): Reason {
  return { code: 'facts_unavailable', perk, gate: 'facts_unavailable', says, title };
}

/** Undefined where that depends on facts that cannot be read. */
function takesPart(part: Part, frame: QuestionFrame): boolean | undefined {
  if (part.when === null) return true;
  return part.when.reads.member ? undefined : part.when.holds(frame);
}
