import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiProblem } from '../../generated/answers/common/problem.ts';
import { PROBLEM_TYPE } from '../incoming/media-type.ts';
import { requestIdOf } from '../incoming/request-id.ts';
import { problemJson } from './problem-json.ts';
import { type Edge, send } from './send.ts';
import type { TransportCode } from './status.ts';

/*
 * Some requests never reach a route, and Node's own answers to them have neither a request id nor a problem in them. Here they
 * are refused as everything else is.
 */

/** Lets `next` see only requests that say which host they are for, as HTTP/1.1 wants it, and only once: two mean two things to two readers. */
export function requiringHost(next: RequestListener, edge: Edge): RequestListener {
  return (request, response) => {
    const hosts = hostsIn(request);
    if (hosts === 1 || (hosts === 0 && request.httpVersion === '1.0')) return next(request, response);
    const wrong = hosts === 0 ? 'the header `Host` is required' : 'the header `Host` is there more than once';
    refuse(request, response, 'malformed_request', wrong, edge);
  };
}

/** As they came: of several, Node keeps the first. */
function hostsIn({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts;
}

/** Answers what asks for more than HTTP requests: an expectation, or a tunnel. */
export function refuseOnServer(server: Server, edge: Edge): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const given = String(request.headers.expect).slice(0, 256);
    refuse(request, response, 'expectation_failed', `\`Expect: ${given}\` cannot be met; leave it out`, edge);
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const problem = problemJson('method_not_allowed', '`CONNECT` is not possible: this is no proxy');
    writeProblem(
      socket,
      problem,
      requestIdOf(request.headers['x-request-id']),
      'Allow: GET, POST, PUT, PATCH, DELETE\r\n',
    );
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  code: TransportCode,
  detail: string,
  edge: Edge,
): void {
  const problem = problemJson(code, detail);
  const reply = { status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(problem) };
  // Whether a body follows is not known to both sides alike any more.
  send(response, requestIdOf(request.headers['x-request-id']), { ...reply, headers: { Connection: 'close' } }, edge);
}

/** Writes a problem where there is no response to write it with, and closes. */
export function writeProblem(socket: Duplex, problem: ApiProblem, requestId: string, headers = ''): void {
  const body = JSON.stringify(problem);
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n${headers}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
}
