import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE } from './media-type.ts';
import { problemJson } from './problem-json.ts';
import { requestIdOf } from './request-id.ts';
import type { TransportCode } from './status.ts';

const DETAIL: Readonly<Record<TransportCode, string>> = {
  malformed_request: 'this is not valid HTTP/1.1',
  request_timeout: 'the request did not arrive in time',
  headers_too_large: 'the headers are too large; send fewer or shorter ones',
};

/** Answers what the HTTP parser could not read, and closes the connection: where the next request begins is unknown. */
export function onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = codeOf(error);
  const problem = problemJson(code, DETAIL[code]);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestIdOf(undefined)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function codeOf(error: NodeJS.ErrnoException): TransportCode {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    default:
      return 'malformed_request';
  }
}
