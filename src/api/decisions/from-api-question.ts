import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, Detail, SentQuestion } from '../../domain/question.ts';
import { parseUserId } from '../../domain/user-id.ts';
import type { ApiBatch } from '../../generated/batch.ts';
import type { ApiConsume } from '../../generated/consume.ts';
import type { ApiQuestion } from '../../generated/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import type { Wanted } from '../../use-cases/consumes/consume.ts';
import { actionNamed } from '../../use-cases/decisions/action-named.ts';
import { SchemaCheck } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';
import { checkQuestion, instantOf, memberSubject, questionAsSent } from './check-question.ts';

const questionCheck = new SchemaCheck<ApiQuestion>('question');
const consumeCheck = new SchemaCheck<ApiConsume>('consume', { referred: ['question'] });
const batchCheck = new SchemaCheck<ApiBatch>('batch', { referred: ['question'] });

/** What holds for a question that does not say it itself: the `at` and `detail` of a batch. */
export interface QuestionDefaults {
  readonly at?: Instant | undefined;
  readonly detail?: Detail | undefined;
}

/**
 * A question from the wire, checked against the rules in `book` as they are at the instant it asks for, which is `now` where it does
 * not say. Throws a `Problem` that names the field.
 */
export function fromApiQuestion(
  json: unknown,
  book: RuleBook,
  now: Instant,
  defaults: QuestionDefaults = {},
): CheckedQuestion {
  if (!questionCheck.matches(json)) throw schemaProblem(questionCheck.errors);
  return check(json, parseUserId(json.user, '/user'), book, now, defaults);
}

/**
 * A consume from the wire: a question without a user, which the path names, and with a key. Throws a `Problem` for what has not the form
 * of a consume; what is wrong with it by the rules in `book` stands beside it, because a retry of what was recorded is answered all the
 * same.
 */
export function fromApiConsume(
  json: unknown,
  user: string,
  book: RuleBook,
  now: Instant,
): Wanted & { readonly key: string } {
  if (!consumeCheck.matches(json)) throw userInBody(json) ?? schemaProblem(consumeCheck.errors);
  const sent: SentQuestion = {
    question: questionAsSent(json.action, memberSubject(user), json),
    ruleSetId: json.ruleSet,
    ...wishesOf(json, {}),
  };
  return { sent, asked: orProblem(() => check(json, user, book, now, {})), key: json.idempotencyKey };
}

function orProblem<T>(work: () => T): T | Problem {
  try {
    return work();
  } catch (problem) {
    if (problem instanceof Problem) return problem;
    throw problem;
  }
}

/** Whoever knows `POST /v1/decisions` names the user here, too. */
function userInBody(json: unknown): Problem | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'user')) return undefined;
  const message = '`user` stands in the path, `/v1/members/{user}/consume`: leave it out of the body';
  return new Problem('unknown_field', message, { field: '/user' });
}

/** The questions of a batch, each still to be checked, and what holds for all of them. */
export function fromApiBatch(json: unknown): {
  readonly questions: readonly unknown[];
  readonly defaults: QuestionDefaults;
} {
  if (Array.isArray(json)) {
    const example = '{"questions": [{"user": "u-17", "action": "generation.turbo"}]}';
    throw new Problem('invalid_field', `the body must be an object such as \`${example}\`, and no bare list`, {
      field: '',
    });
  }
  if (!batchCheck.matches(json)) throw schemaProblem(batchCheck.errors);
  return { questions: json.questions, defaults: { at: instantOf(json.at), detail: json.detail } };
}

type Asked = Omit<ApiQuestion, 'user'>;

function check(json: Asked, user: string, book: RuleBook, now: Instant, defaults: QuestionDefaults): CheckedQuestion {
  const { at, minRevision, detail } = wishesOf(json, defaults);
  const named = actionNamed(book, json.action, json.ruleSet, at ?? now);
  return {
    question: checkQuestion(named.action, memberSubject(user), json),
    ruleSetId: named.ruleSetId,
    at,
    minRevision,
    detail,
  };
}

/** What is said beside the question itself. */
function wishesOf(json: Asked, defaults: QuestionDefaults): Pick<CheckedQuestion, 'at' | 'minRevision' | 'detail'> {
  return {
    at: instantOf(json.at) ?? defaults.at,
    minRevision: json.minRevision,
    detail: json.detail ?? defaults.detail ?? 'full',
  };
}
