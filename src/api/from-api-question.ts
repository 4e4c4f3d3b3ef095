import { didYouMean } from '../domain/did-you-mean.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { Problem } from '../domain/problem.ts';
import type { CheckedQuestion, Detail, Question, ResourceClaim } from '../domain/question.ts';
import { parseUserId } from '../domain/user-id.ts';
import type { ApiBatch } from '../generated/batch.ts';
import type { ApiConsume } from '../generated/consume.ts';
import type { ApiQuestion } from '../generated/question.ts';
import { readKeys } from '../rules/frame.ts';
import type { Action, RuleBook } from '../rules/rule-set.ts';
import { actionNamed } from '../use-cases/decisions/action-named.ts';
import { checkInput } from './check-input.ts';
import { checkRepeated } from './check-repeated.ts';
import { SchemaCheck } from './schema.ts';
import { pointerToken, schemaProblem } from './schema-problem.ts';

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

/** A consume from the wire: a question without a user, which the path names, and with a key. */
export function fromApiConsume(
  json: unknown,
  user: string,
  book: RuleBook,
  now: Instant,
): CheckedQuestion & { readonly key: string } {
  if (!consumeCheck.matches(json)) throw schemaProblem(consumeCheck.errors);
  return { ...check(json, user, book, now, {}), key: json.idempotencyKey };
}

/** The questions of a batch, each still to be checked, and what holds for all of them. */
export function fromApiBatch(json: unknown): {
  readonly questions: readonly unknown[];
  readonly defaults: QuestionDefaults;
} {
  if (!batchCheck.matches(json)) throw schemaProblem(batchCheck.errors);
  return { questions: json.questions, defaults: { at: instantOf(json.at), detail: json.detail } };
}

type Asked = Omit<ApiQuestion, 'user'>;

function check(json: Asked, user: string, book: RuleBook, now: Instant, defaults: QuestionDefaults): CheckedQuestion {
  const at = instantOf(json.at) ?? defaults.at;
  const { ruleSetId, action } = actionNamed(book, json.action, json.ruleSet, at ?? now);
  const question: Question = {
    subject: { type: 'user', id: user, properties: NOTHING },
    action: action.id,
    input: checkInput(action, json.input),
    resource: checkResource(action, json.resource),
    context: json.context ?? NOTHING,
    amount: checkAmount(action, json.amount),
  };
  checkClaims(action, question);
  checkRepeated(action, question);
  return {
    question,
    ruleSetId,
    at,
    minRevision: json.minRevision,
    detail: json.detail ?? defaults.detail ?? 'full',
  };
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

/** What a perk measures or looks up must be there and of its kind, also where no declared input says so. */
function checkClaims(action: Action, question: Question): void {
  for (const { card, when } of action.parts) {
    // Whether a perk takes part is known only when the facts are.
    if (when !== null) continue;
    for (const { fact, keys, is } of card.kind.claims) {
      const value = readKeys(question[fact], keys);
      const field = `/${fact}/${keys.map(pointerToken).join('/')}`;
      if (value === null) {
        throw new Problem('missing_field', `\`${action.id}\` needs \`${fact}.${keys.join('.')}\``, { field });
      }
      if (is === 'amount' ? typeof value === 'number' && value >= 0 : typeof value !== 'object') continue;
      const kind = is === 'amount' ? 'a number of at least 0' : 'a text or a number';
      throw new Problem('invalid_field', `\`${fact}.${keys.join('.')}\` must be ${kind}`, { field });
    }
  }
}

/** A grant is claimed whole: there is no claiming it three times at once. */
function checkAmount(action: Action, amount = 1): number {
  if (amount !== 1 && action.parts.some((part) => part.card.kind.name === 'grant')) {
    throw new Problem('invalid_field', `\`amount\` must be 1: \`${action.id}\` is claimed once in a period`, {
      field: '/amount',
    });
  }
  return amount;
}

function checkResource(action: Action, resource: Asked['resource']): ResourceClaim | null {
  if (action.resource === null) {
    if (resource === undefined) return null;
    throw new Problem('unknown_field', `\`${action.id}\` has no resource; leave \`resource\` out`, {
      field: '/resource',
    });
  }
  if (resource === undefined) {
    throw new Problem('missing_field', `\`${action.id}\` needs a \`resource\` of type \`${action.resource}\``, {
      field: '/resource',
    });
  }
  if (resource.type !== action.resource) {
    const meant = didYouMean(resource.type, [action.resource]);
    throw new Problem(
      'invalid_field',
      `\`${action.id}\` needs a resource of type \`${action.resource}\`, not \`${resource.type}\``,
      {
        field: '/resource/type',
        ...(meant === undefined ? {} : { didYouMean: meant }),
      },
    );
  }
  return { type: resource.type, id: resource.id ?? null, properties: resource.properties ?? NOTHING };
}

function instantOf(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const message = `\`${text}\` is no instant; write it like \`2026-11-22T10:00:00Z\`, with a zone and a date that exists`;
  throw new Problem('invalid_field', message, { field: '/at' });
}
