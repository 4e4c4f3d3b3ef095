import type { Duplex } from 'node:stream';
import { problemJson } from '../outgoing/problem-json.ts';
import { writeProblem } from '../outgoing/refusals.ts';
import type { TransportCode } from '../outgoing/status.ts';
import { requestIdOf } from './request-id.ts';

/** What the parser gives up on. */
type Unread = Exclude<TransportCode, 'expectation_failed'>;

const DETAIL: Readonly<Record<Unread, string>> = {
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
  writeProblem(socket, problemJson(code, DETAIL[code]), requestIdOf(undefined));
}

function codeOf(error: NodeJS.ErrnoException): Unread {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout';
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    default:
      return 'malformed_request';
  }
}
