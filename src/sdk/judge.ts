import type { Decision } from './decision.ts';
import type { AskOptions, Perkbook } from './perkbook.ts';
import { PerkbookError } from './perkbook-error.ts';
import type { Question, QuestionOf } from './question.ts';
import { readFrom, Unreadable } from './read-from.ts';
import type {
  ActionOf,
  ActionTypes,
  ActionTypesOf,
  NeedsInput,
  NeedsResource,
  RuleSetTypes,
} from './rule-set-types.ts';

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

/** What the route reads from the request as the input of the action. */
export type InputOf<R extends RuleSetTypes, A extends ActionOf<R>> = QuestionOf<R, A>['input'];

/** Reads exactly that: TypeScript itself lets a function give more than it is to give. */
type Reads<Request, I, Input> = Of<Request, I & { readonly [Name in Exclude<keyof I, KeysOf<Input>>]: never }>;

type KeysOf<T> = T extends unknown ? keyof T : never;

/**
 * The input, where the action needs one, and the rest, where it needs a resource. `I`: what the route gives as the input. What a
 * slip in the name leaves is any action: nothing is asked for then, so that the compiler speaks of the name.
 */
export type RouteArguments<Request, R extends RuleSetTypes, A extends ActionOf<R>, I> =
  IsSeveral<A> extends true
    ? [input?: Reads<Request, I, InputOf<R, A>> | undefined, options?: RouteOptions<Request, R, A>]
    : ArgumentsFor<ActionTypesOf<R, A>, Reads<Request, I, InputOf<R, A>>, RouteOptions<Request, R, A>>;

/** Where several rule sets have the action: as for any of them. */
type ArgumentsFor<T extends ActionTypes, Read, Options extends { readonly resource?: unknown }> = T extends unknown
  ? NeedsResource<T> extends true
    ? [
        input: Read | (NeedsInput<T> extends true ? never : undefined),
        options: Options & Required<Pick<Options, 'resource'>>,
      ]
    : NeedsInput<T> extends true
      ? [input: Read, options?: Options]
      : [input?: Read | undefined, options?: Options]
  : never;

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
 * Asks for one request. On an allow the route goes on with the decision, else with the refusal; also where what is asked cannot be read
 * from the request, because any caller can send such a one. Throws where the service itself has asked
 * wrongly: that is a fault for its own error handler, and never the status of the answer from Perkbook.
 */
export async function judge<Request, R extends RuleSetTypes, A extends ActionOf<R>>(
  perkbook: Perkbook<R>,
  request: Request,
  action: A,
  input: Of<Request, InputOf<R, A>> | undefined,
  options: GuardOptions<Request> & RouteOptions<Request, R, A>,
): Promise<Judged<R>> {
  const user = await options.user(request);
  if (user === undefined || user === '') return { refusal: unauthenticated(options.challenge) };
  const { orElse, timeout, resource, context, amount } = options;
  const parts = await readFrom(request, { input, resource, context, amount });
  if (parts instanceof Unreadable) return { refusal: unreadable(action, parts) };
  // Built from parts whose types the route has checked.
  const question = { user, action, ...parts } as unknown as Question<R>;
  try {
    const decision = await perkbook.may(question, { orElse, timeout });
    return decision.decision === 'allow' ? { decision } : { refusal: denial(decision) };
  } catch (error) {
    if (!(error instanceof PerkbookError)) throw error;
    if (error.isOutage) return { refusal: unreachable() };
    const status = statusOfTheRequest(error, Object.keys(question));
    if (status !== undefined) {
      const { code, detail, field, didYouMean } = error;
      // Without a code it is a proxy that refuses, and the detail has the address of the server in it.
      if (code === undefined) return { refusal: refusal(status, 'body_too_large', 'the request is too large') };
      return { refusal: refusal(status, code, detail, { field, didYouMean }) };
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

function unreadable(action: string, unreadable: Unreadable): Refusal {
  tellOnce(action, unreadable);
  const { part } = unreadable;
  const detail = `the \`${part}\` for \`${action}\` cannot be read from this request: something is missing, such as a JSON body`;
  return refusal(400, 'unreadable_request', detail, { field: `/${part}` });
}

const told = new WeakSet<object>();

/** It may be a mistake of the service itself, and nobody would look for that behind a 400. Once a route, because anybody can send such requests. */
function tellOnce(action: string, { part, read, cause }: Unreadable): void {
  if (told.has(read)) return;
  told.add(read);
  const text = `the guard of \`${action}\` answers 400 where its \`${part}\` cannot be read from the request: ${cause.message}`;
  process.emitWarning(text, 'PerkbookWarning');
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
  if (status !== 400 || code === undefined) return undefined;
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
