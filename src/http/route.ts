import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Scope } from '../domain/caller.ts';
import type { Problem } from '../domain/problem.ts';
import type { MaybePromise } from '../use-cases/ports.ts';
import type { Query } from './incoming/query.ts';
import type { Reply } from './outgoing/reply.ts';
import type { RequestTrace } from './request-trace.ts';

/** A request as a route sees it: read, checked and decoded. */
export interface Call {
  /** Names the request in the answer and in logs. */
  readonly requestId: string;
  readonly caller: Caller;
  /** The parts of the path that the route names, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  /** The body as the route reads it: JSON, or a `Buffer`; undefined where the route takes none. */
  readonly body: unknown;
  /** Which of the types in `produces` the caller likes best. */
  readonly accepted: string;
  /** Follows the request, where somebody collects traces. */
  readonly trace?: RequestTrace | undefined;
  /** Aborted when the caller goes away before the answer; only for a route that `watchesCaller`. */
  readonly gone?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: Method;
  /** `/v1/members/:id` */
  readonly path: string;
  /** What its caller must be allowed to; null: everybody may. */
  readonly scope: Scope | null;
  /** And this besides, where the answer tells what `scope` alone does not allow to read. */
  readonly needsToo?: Scope;
  /** The query parameters it knows. */
  readonly query?: readonly string[];
  /** The content types it takes; absent where it takes no body. */
  readonly takes?: readonly string[];
  /** How the body is read: as JSON when absent. */
  readonly reads?: 'bytes';
  /** Whether the body may be left out; it is then undefined. */
  readonly bodyOptional?: true;
  /** Answers after a long time, and stops where the caller does not wait for it. */
  readonly watchesCaller?: true;
  /** The content types it can answer with, the usual one first; JSON when absent. */
  readonly produces?: readonly string[];
  /** Answers in its usual form, whatever the caller would like: for a protocol that knows no 406. */
  readonly ignoresAccept?: true;
  /** How a protocol with a form of its own for errors writes one; a problem as RFC 9457 has it when absent. */
  readonly refuse?: (problem: Problem, params: Call['params']) => Reply;
  /** Answers without a promise where it can, so that nothing waits for a turn of the event loop. Throws `Problem`s. */
  readonly answer: (call: Call) => MaybePromise<Reply>;
}
