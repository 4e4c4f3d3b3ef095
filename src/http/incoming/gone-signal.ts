import type { ServerResponse } from 'node:http';

/**
 * A signal that is aborted when the connection is closed before the answer is written. Its socket may be silent for as long as the
 * answer takes; the next request on it has the usual limit again.
 */
export function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.socket?.setTimeout(0);
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
