import type { Request, RequestHandler, Response } from 'express';
import { ANYBODY, type Caller, mayDo, speaksFor } from '../domain/caller.ts';
import { Problem } from '../domain/problem.ts';
import { notSpokenFor } from '../use-cases/decisions/not-spoken-for.ts';
import { outOfScope } from './admission/turned-away.ts';
import { goneSignal } from './incoming/gone-signal.ts';
import { acceptedType, checkContentEncoding, checkContentType, JSON_TYPE } from './incoming/media-type.ts';
import { parseJson } from './incoming/parse-json.ts';
import { queryOf } from './incoming/query.ts';
import { readBody } from './incoming/read-body.ts';
import { requestIdOf } from './incoming/request-id.ts';
import type { Reply } from './outgoing/reply.ts';
import { type Edge, send, sendError } from './outgoing/send.ts';
import { sendEvents } from './outgoing/send-events.ts';
import type { Call, Route } from './route.ts';

const PRODUCES_JSON = [JSON_TYPE];
const RULE_SET_PATH = '/v1/rule-sets/:id';

/** A route as Express runs it: admit the caller, check the request, read it, answer, write the answer. */
export function serve(route: Route, edge: Edge): RequestHandler {
  const { scope, needsToo, query = [], produces = PRODUCES_JSON, takes, reads, bodyOptional = false, refuse } = route;
  const { watchesCaller = false, ignoresAccept = false } = route;
  const namesRuleSet = route.path.startsWith(RULE_SET_PATH);

  return function handle(request: Request, response: Response): void {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers['x-request-id']);
    const trace = edge.trace?.(route, request, requestId);
    const names = { requestId, ...trace?.names };
    const params = request.params as Call['params'];
    const refusal = refuse === undefined ? undefined : (problem: Problem) => refuse(problem, params);
    const fail = (error: unknown) => {
      const status = sendError(response, names, error, edge, refusal);
      edge.measured?.(route, status, startedAt, names);
      trace?.end(status, error);
    };
    const succeed = (reply: Reply) => {
      if (reply.events === undefined) send(response, requestId, reply, edge);
      else sendEvents(response, names, { ...reply, events: reply.events }, edge);
      edge.measured?.(route, reply.status, startedAt, names);
      trace?.end(reply.status);
    };

    const answer = (caller: Caller, checkedQuery: Call['query'], accepted: string, body: unknown) => {
      const { headers } = request;
      const call: Call = { requestId, caller, params, query: checkedQuery, headers, body, accepted, trace };
      const whole = watchesCaller ? { ...call, gone: goneSignal(response) } : call;
      const reply = trace === undefined ? route.answer(whole) : trace.run(() => route.answer(whole));
      if (reply instanceof Promise) reply.then(succeed).catch(fail);
      else succeed(reply);
    };

    const proceed = (caller: Caller) => {
      if (scope !== null && !mayDo(caller, scope)) throw outOfScope(caller, scope);
      if (needsToo !== undefined && !mayDo(caller, needsToo)) throw outOfScope(caller, needsToo);
      // Whether there is such a rule set is not said to who does not speak for it.
      if (namesRuleSet && !speaksFor(caller, params.id ?? '')) throw notSpokenFor(caller, params.id ?? '');
      const checkedQuery = queryOf(request.url, query);
      const accepted = ignoresAccept ? (produces[0] ?? JSON_TYPE) : acceptedType(request, produces);
      if (takes === undefined || (bodyOptional && !hasBody(request))) {
        answer(caller, checkedQuery, accepted, undefined);
        return;
      }
      checkContentType(request.headers['content-type'], takes);
      checkContentEncoding(request.headers['content-encoding']);
      readBody(request, (bytes) => {
        // Outside of Express's reach: what is thrown here would end the process.
        try {
          if (bytes instanceof Problem) throw bytes;
          answer(caller, checkedQuery, accepted, reads === 'bytes' ? bytes : parseJson(bytes));
        } catch (error) {
          fail(error);
        }
      });
    };

    try {
      const caller = scope === null ? ANYBODY : edge.admit(request);
      if (caller instanceof Promise) caller.then(proceed).catch(fail);
      else proceed(caller);
    } catch (error) {
      fail(error);
    }
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
