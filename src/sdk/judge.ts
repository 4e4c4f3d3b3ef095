import type { Decision } from './decision.ts';
import type { AskOptions, Perkbook } from './perkbook.ts';
import { PerkbookError } from './perkbook-error.ts';
import type { Question, QuestionOf } from './question.ts';
import type { ActionOf, NeedsInput, NeedsResource, RuleSetTypes } from './rule-set-types.ts';

type MaybePromise<T> = T | Promise<T>;
type Of<Request, T> = (request: Request) => MaybePromise<T>;

/** What holds for every route that a guard is put before. */
export interface GuardOptions<Request> extends Pick<AskOptions, 'orElse' | 'timeout'> {
  /** Who asks, as the service itself has found out; undefined for nobody, who is answered with 401. */
  readonly user: Of<Request, string | undefined>;
  /** How to say who asks: the `WWW-Authenticate` of a 401. `Bearer` when absent. */
  readonly challenge?: string | undefined;
}

/** What one route says beside its action and input. */
export interface RouteOptions<Request, R extends RuleSetTypes, A extends ActionOf<R>>
  extends Partial<GuardOptions<Request>> {
  /** What it is done to, for an action that has a resource. */
  readonly resource?: Of<Request, QuestionOf<R, A>['resource']>;
  readonly context?: Of<Request, Question['context']>;
  readonly amount?: Of<Request, number>;
}

/** Reads the input of the action from the request. */
export type InputOf<Request, R extends RuleSetTypes, A extends ActionOf<R>> = Of<Request, QuestionOf<R, A>['input']>;

/**
 * The input, where the action needs one, and the rest, where it needs a resource. What a slip in the name leaves is any action: nothing is asked for
 * then, so that the compiler speaks of the name.
 */
export type RouteArguments<Request, R extends RuleSetTypes, A extends ActionOf<R>> =
  IsSeveral<A> extends true
    ? [input?: InputOf<Request, R, A> | undefined, options?: RouteOptions<Request, R, A>]
    : NeedsResource<R['actions'][A]> extends true
      ? [
          input: InputOf<Request, R, A> | (NeedsInput<R['actions'][A]> extends true ? never : undefined),
          options: RouteOptions<Request, R, A> & Required<Pick<RouteOptions<Request, R, A>, 'resource'>>,
        ]
      : NeedsInput<R['actions'][A]> extends true
        ? [input: InputOf<Request, R, A>, options?: RouteOptions<Request, R, A>]
        : [input?: InputOf<Request, R, A> | undefined, options?: RouteOptions<Request, R, A>];

type IsSeveral<T, All = T> = T extends unknown ? ([All] extends [T] ? false : true) : never;

/** An answer of the guard itself, in the place of the route. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 413 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** `application/problem+json` */
  readonly problem: Readonly<Record<string, unknown>>;
}

export type Judged<R extends RuleSetTypes> = { readonly decision: Decision<R> } | { readonly refusal: Refusal };

/**
 * Asks for one request. On an allow the route goes on with the decision, else with the refusal. Throws where the service itself has asked
 * wrongly: that is a fault for its own error handler, and never the status of the answer from Perkbook.
 */
export async function judge<Request, R extends RuleSetTypes, A extends ActionOf<R>>(
  perkbook: Perkbook<R>,
  request: Request,
  action: A,
  input: InputOf<Request, R, A> | undefined,
  options: GuardOptions<Request> & RouteOptions<Request, R, A>,
): Promise<Judged<R>> {
  const user = await options.user(request);
  if (user === undefined || user === '') return { refusal: unauthenticated(options.challenge) };
  const { orElse, timeout, resource, context, amount } = options;
  // Built from parts whose types the route has checked.
  const question = {
    user,
    action,
    ...(input !== undefined && { input: await input(request) }),
    ...(resource !== undefined && { resource: await resource(request) }),
    ...(context !== undefined && { context: await context(request) }),
    ...(amount !== undefined && { amount: await amount(request) }),
  } as unknown as Question<R>;
  try {
    const decision = await perkbook.may(question, { orElse, timeout });
    return decision.decision === 'allow' ? { decision } : { refusal: denial(decision) };
  } catch (error) {
    if (!(error instanceof PerkbookError)) throw error;
    if (error.isOutage) return { refusal: unreachable() };
    const status = statusOfTheRequest(error, Object.keys(question));
    if (status !== undefined) {
      const { field, didYouMean } = error;
      return { refusal: refusal(status, error.code ?? 'invalid_field', error.detail, { field, didYouMean }) };
    }
    throw new Error(`the guard of \`${action}\` cannot ask: ${error.message}`, { cause: error });
  }
}

function denial({ reason, unlockedBy, validUntil, action, values }: Decision<RuleSetTypes>): Refusal {
  const { code = 'denied', message = 'this is not allowed' } = reason ?? {};
  return refusal(403, code, message, { action, reason, message, unlockedBy, values, validUntil });
}

function unauthenticated(challenge = 'Bearer'): Refusal {
  // RFC 9110 asks for a challenge.
  return refusal(401, 'unauthenticated', 'it is not known who asks', {}, { 'WWW-Authenticate': challenge });
}

function unreachable(): Refusal {
  const detail = 'whether this is allowed cannot be told now';
  return refusal(503, 'perkbook_unreachable', detail, {}, { 'Retry-After': '1' });
}

/**
 * The status for whoever sent the request, where they put it together wrongly, and not the service: what the route reads from it is theirs. What
 * the route does not ask for is missing because of the service.
 */
function statusOfTheRequest({ status, code, field }: PerkbookError, asked: readonly string[]): 400 | 413 | undefined {
  const theirs = ['input', 'resource', 'context', 'amount'].filter((name) => asked.includes(name));
  if (theirs.length === 0) return undefined;
  // Nothing else of a question has a size or a depth.
  if (status === 413) return 413;
  if (status !== 400) return undefined;
  if (field === undefined) return code === 'malformed_json' ? 400 : undefined;
  return theirs.some((name) => field === `/${name}` || field.startsWith(`/${name}/`)) ? 400 : undefined;
}

function refusal(
  status: Refusal['status'],
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Refusal['headers'] = {},
): Refusal {
  const TITLES = {
    400: 'Not understood',
    401: 'Unauthenticated',
    403: 'Denied',
    413: 'Too large',
    503: 'Not now',
  } as const;
  return {
    status,
    headers,
    problem: { type: `urn:perkbook:guard:${code}`, title: TITLES[status], status, detail, code, ...more },
  };
}
