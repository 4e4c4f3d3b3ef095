import { didYouMean } from '../../domain/did-you-mean.ts';
import { type Instant, meantInstant, parseInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Question, ResourceClaim, SubjectClaim } from '../../domain/question.ts';
import type { ApiQuestion } from '../../generated/question.ts';
import { readKeys } from '../../rules/compile/frame.ts';
import type { Action } from '../../rules/rule-set.ts';
import { pointerToken } from '../schema-problem.ts';
import { checkInput } from './check-input.ts';
import { checkRepeated } from './check-repeated.ts';

/** What is asked about an action, in whichever protocol it came. */
export type AskedOfAction = Pick<ApiQuestion, 'input' | 'resource' | 'context' | 'amount'>;

/** A question about this action, as the action declares it. Throws a `Problem` that names the field as `POST /v1/decisions` has it. */
export function checkQuestion(action: Action, subject: SubjectClaim, asked: AskedOfAction): Question {
  const question: Question = {
    subject,
    action: action.id,
    input: checkInput(action, asked.input),
    resource: checkResource(action, asked.resource),
    context: asked.context ?? NOTHING,
    amount: checkAmount(action, asked.amount),
  };
  checkClaims(action, question);
  checkRepeated(action, question);
  return question;
}

/** The same as it was sent, which no rules have a say in. */
export function questionAsSent(action: string, subject: SubjectClaim, asked: AskedOfAction): Question {
  const { input = NOTHING, resource, context = NOTHING, amount = 1 } = asked;
  return { subject, action, input, resource: resource === undefined ? null : claimOf(resource), context, amount };
}

/** A user of whom nothing is claimed. */
export function memberSubject(id: string): SubjectClaim {
  return { type: 'user', id, properties: NOTHING };
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

/**
 * What a perk measures or looks up must be there and of its kind, also where no declared input says so: a slip must not look like a
 * number without end, nor like a row that is not listed.
 */
function checkClaims(action: Action, question: Question): void {
  for (const { card, when } of action.parts) {
    for (const { fact, keys, is } of card.kind.claims) {
      const value = readKeys(question[fact], keys);
      const field = `/${fact}/${keys.map(pointerToken).join('/')}`;
      if (value === null) {
        // Whether a perk takes part is known only when the facts are: until then it may do without.
        if (when !== null) continue;
        throw new Problem('missing_field', `\`${action.id}\` needs \`${fact}.${keys.join('.')}\``, { field });
      }
      // `1e400` in JSON is a number that is not finite.
      const isNumber = Number.isFinite(value);
      if (is === 'amount' ? isNumber && Number(value) >= 0 : isNumber || typeof value === 'string') continue;
      const kind = is === 'amount' ? 'a finite number of at least 0' : 'a text or a finite number';
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

function checkResource(action: Action, resource: AskedOfAction['resource']): ResourceClaim | null {
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
  return claimOf(resource);
}

function claimOf({ type, id, properties = NOTHING }: NonNullable<AskedOfAction['resource']>): ResourceClaim {
  return { type, id: id ?? null, properties };
}

export function instantOf(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const message = `\`${text}\` is no instant; write it like \`2026-11-22T10:00:00Z\`, with a zone and a date that exists`;
  const meant = meantInstant(text);
  throw new Problem('invalid_field', message, { field: '/at', ...(meant === undefined ? {} : { didYouMean: meant }) });
}
