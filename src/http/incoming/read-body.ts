import type { IncomingMessage } from 'node:http';
import { Problem } from '../../domain/problem.ts';

export const BODY_LIMIT = 1_048_576;
/** What is sent beyond the limit is thrown away, so that the answer gets through; beyond this the connection is cut. */
const DISCARD_LIMIT = 16 * BODY_LIMIT;

/**
 * Reads the body and gives it to `done`, once; never when the caller goes away before its end. What counts is what arrives, not what
 * `Content-Length` says. A callback, because a promise on this path would cost a tenth of the throughput.
 */
export function readBody(request: IncomingMessage, done: (bytes: Buffer | Problem) => void): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  let size = 0;
  let over = false;

  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= BODY_LIMIT) {
      if (first === undefined) first = chunk;
      else if (chunks === undefined) chunks = [first, chunk];
      else chunks.push(chunk);
      return;
    }
    if (!over) {
      over = true;
      first = undefined;
      chunks = undefined;
      done(new Problem('body_too_large', `the body is larger than ${BODY_LIMIT} bytes; split it`));
    }
    if (size > DISCARD_LIMIT) request.destroy();
  });
  request.on('end', () => {
    if (!over) done(chunks === undefined ? (first ?? NOTHING) : Buffer.concat(chunks, size));
  });
  // Without a listener a caller that hangs up would be an uncaught error.
  request.on('error', ignore);
}

const NOTHING = Buffer.alloc(0);

function ignore(): void {}
