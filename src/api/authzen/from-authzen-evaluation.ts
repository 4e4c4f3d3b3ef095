import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import { parseUserId } from '../../domain/user-id.ts';
import type { AuthzenContext, AuthzenEvaluation, AuthzenSubject } from '../../generated/authzen/evaluation.ts';
import type { Action, RuleBook } from '../../rules/rule-set.ts';
import type { NamedAction } from '../../use-cases/decisions/action-named.ts';
import { checkQuestion, instantOf } from '../decisions/check-question.ts';
import { SchemaCheck } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';
import { actionOf } from './action-of.ts';
import { inAuthzenTerms } from './in-authzen-terms.ts';
import { checkSubjectType } from './subject-type.ts';

const evaluationCheck = new SchemaCheck<AuthzenEvaluation>('authzen/evaluation', {
  referred: ['question', 'authzen/entities'],
});

/**
 * An evaluation from the wire. Throws a `Problem` that names the field: `unknown_action`, `unknown_rule_set` or `unknown_subject_type` for
 * what is not there, any other for what is badly said.
 */
export function fromAuthzenEvaluation(json: unknown, book: RuleBook, now: Instant): CheckedQuestion {
  if (!evaluationCheck.matches(json)) throw schemaProblem(evaluationCheck.errors);
  checkSubjectType(json.subject.type, book);
  return questionOf(fromAuthzenSubject(json.subject), json, book, now);
}

/** A subject as rules see it: whose type is `user` has the id of a member. */
export function fromAuthzenSubject({ type, id, properties }: AuthzenSubject): SubjectClaim {
  return { type, id: type === 'user' ? parseUserId(id, '/subject/id') : id, properties: properties ?? NOTHING };
}

/** What a request says beside its subject. A search has a resource without an id. */
export interface AskedByRequest {
  readonly action: { readonly name: string; readonly properties?: Entity['properties'] };
  readonly resource: Entity;
  readonly context?: AuthzenContext;
}

/** A subject or a resource, without its id where it is searched for. */
export interface Entity {
  readonly type: string;
  readonly id?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export function questionOf(
  subject: SubjectClaim,
  asked: AskedByRequest,
  book: RuleBook,
  now: Instant,
): CheckedQuestion {
  const { action, resource } = asked;
  return inAuthzenTerms(() => {
    const { ruleSet, at } = asked.context?.perkbook ?? {};
    const named = actionOf(book, { action: action.name, resource, ruleSet }, instantOf(at) ?? now);
    return questionAbout(named, subject, asked);
  });
}

/** The question about an action that has been found. The fields of its problems are those of `POST /v1/decisions`. */
export function questionAbout(
  { action, ruleSetId }: NamedAction,
  subject: SubjectClaim,
  { action: { properties = NOTHING }, resource, context = NOTHING }: AskedByRequest,
): CheckedQuestion {
  const { perkbook, ...claims } = context;
  const question = checkQuestion(action, subject, {
    input: declaredIn(action, properties),
    // A request always has a resource; an action that has none does not care which.
    ...(action.resource === null ? {} : { resource: pick(resource) }),
    context: perkbook === undefined ? context : claims,
    ...(perkbook?.amount === undefined ? {} : { amount: perkbook.amount }),
  });
  const at = instantOf(perkbook?.at);
  return { question, ruleSetId, at, minRevision: perkbook?.minRevision, detail: 'full' };
}

/** Fields that are not known are ignored in AuthZEN, and so are inputs that the action does not declare. */
function declaredIn(
  { input }: Action,
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const declared: Record<string, unknown> = {};
  for (const name in input) if (Object.hasOwn(properties, name)) declared[name] = properties[name];
  return declared;
}

function pick({ type, id, properties }: AskedByRequest['resource']) {
  return { type, ...(id === undefined ? {} : { id }), ...(properties === undefined ? {} : { properties }) };
}

const NOTHING: Readonly<Record<string, never>> = Object.freeze({});
