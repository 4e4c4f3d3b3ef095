import { decide } from '../../decide/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion } from '../../domain/question.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import type { Clock, FactsReader, MaybePromise } from '../ports.ts';
import { ruleSetNamed } from './rule-set-named.ts';

/** Is told of every answer, after it has been made and before it is written out. Must not throw, nor take time. */
export interface AnswerObserver {
  observe(answered: Answered): void;
}

export interface AskPorts {
  readonly facts: FactsReader;
  readonly clock: Clock;
  /** Who is told of answers, while anybody is. */
  readonly shadows?: { readonly observer: AnswerObserver | undefined } | undefined;
}

/** A decision with what the edge needs to write it out: who asked for what, when, and the rule set with its words. */
export interface Answer {
  readonly decision: Decision;
  readonly asked: CheckedQuestion;
  readonly at: Instant;
  readonly ruleSet: RuleSet;
}

export interface Answered extends Answer {
  /** What was known of the member when it was decided. */
  readonly facts: Facts;
}

/** Answers a question. At once where the facts are at hand; the rules are those of `book`, whatever is swapped in meanwhile. */
export function ask(
  { facts, clock, shadows }: AskPorts,
  book: RuleBook,
  asked: CheckedQuestion,
): MaybePromise<Answered> {
  const ruleSet = ruleSetNamed(book, asked.ruleSetId);
  const { subject } = asked.question;
  const answer = (known: Facts): Answered => {
    // Only now, when the facts are there: reading them may have taken longer than a degraded answer holds.
    const now = asked.at ?? clock.now();
    const decision = decide({ ruleSet, facts: known, question: asked.question, now });
    const answered = { decision, asked, at: now, ruleSet, facts: known };
    shadows?.observer?.observe(answered);
    return answered;
  };
  if (subject.type !== 'user') return answer(NOBODY);
  const known = facts.read(subject.id, asked.minRevision);
  return known instanceof Promise ? known.then(answer) : answer(known);
}

/** Only subjects of type `user` are members. */
const NOBODY: Facts = { state: 'fresh', member: undefined };
