import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Caller } from '../../domain/caller.ts';
import type { Problem } from '../../domain/problem.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { TurnedAway } from '../admission/turned-away.ts';
import { PROBLEM_TYPE } from '../incoming/media-type.ts';
import type { Measured } from '../measured.ts';
import type { RequestNames, StartTrace } from '../request-trace.ts';
import { shareWith } from './cors.ts';
import { retryAfterOf, toProblem, toProblemJson } from './problem-json.ts';
import type { Reply } from './reply.ts';

/** What the edge knows of the process while it answers. */
export interface Edge {
  /** True from the moment the server is told to stop: each answer then closes its connection. */
  readonly stopping: boolean;
  /** Writes one line about something that nobody expected. Never changes the answer. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
  /** The same for what comes with every request while it lasts. */
  readonly logSeldom: (message: string, entry: Readonly<Record<string, unknown>>) => void;
  /** Who sends a request, if that is anybody who may send one now; throws a `Problem` else. */
  readonly admit: (request: IncomingMessage) => MaybePromise<Caller>;
  /** The origins whose pages may read answers; absent: none. */
  readonly origins?: ReadonlySet<string> | undefined;
  /** Absent: nobody wants to know. */
  readonly measured?: Measured | undefined;
  /** Absent: nobody collects traces. */
  readonly trace?: StartTrace | undefined;
}

interface Waiting {
  readonly response: ServerResponse;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
}

let waiting: Waiting[] = [];

/**
 * Writes the answer: the head and the body in one piece. All answers of one turn of the event loop are written together at its
 * end: under load that halves what an answer costs, because the caller is woken once and not for each of them.
 */
export function send(response: ServerResponse, requestId: string, reply: Reply, edge: Edge): void {
  const headers: OutgoingHttpHeaders = { 'X-Request-Id': requestId };
  const { body, type } = reply;
  if (body !== undefined && type !== undefined) {
    headers['Content-Type'] = type;
    headers['Content-Length'] = Buffer.byteLength(body);
  }
  if (edge.stopping) headers.Connection = 'close';
  if (reply.headers !== undefined) Object.assign(headers, reply.headers);
  if (edge.origins !== undefined) shareWith(edge.origins, response.req.headers.origin, headers);
  if (waiting.push({ response, status: reply.status, headers, body }) === 1) setImmediate(writeWaiting);
}

function writeWaiting(): void {
  const answers = waiting;
  waiting = [];
  for (const { response, status, headers, body } of answers) {
    // The caller may have gone, or the answer may have been given: a body that grew too large has no second one.
    if (response.headersSent || response.destroyed) continue;
    response.writeHead(status, headers);
    response.end(body);
  }
}

/** Writes whatever was thrown as a problem, or as `refuse` writes it. The unexpected is logged, under the request id that the caller gets. */
export function sendError(
  response: ServerResponse,
  names: RequestNames,
  error: unknown,
  edge: Edge,
  refuse: (problem: Problem) => Reply = problemReply,
): number {
  const problem = toProblem(error);
  if (problem.code === 'internal_error') edge.log({ level: 'error', ...names, ...described(problem.cause) });
  // That the store is down is said once, by its breaker; who could not be answered meanwhile is for who looks closely.
  if (problem.code === 'facts_unreachable') edge.log({ level: 'debug', ...names, message: messageOf(problem.cause) });
  if (problem.code === 'facts_unreadable' || problem.code === 'keys_unreachable')
    edge.logSeldom(messageOf(problem.cause), { level: 'warn', ...names });
  const retryAfter = retryAfterOf(problem);
  const reply = refuse(problem);
  const headers = {
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...(problem instanceof TurnedAway ? problem.headers : {}),
    ...reply.headers,
  };
  send(response, names.requestId, { ...reply, headers }, edge);
  return reply.status;
}

export function problemReply(problem: Problem): Reply {
  const json = toProblemJson(problem);
  return { status: json.status, type: PROBLEM_TYPE, body: JSON.stringify(json) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function described(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}
