import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { EVENTS_TYPE } from '../incoming/media-type.ts';
import type { RequestNames } from '../request-trace.ts';
import { shareWith } from './cors.ts';
import { toProblem, toProblemJson } from './problem-json.ts';
import type { Reply } from './reply.ts';
import type { Edge } from './send.ts';

/** Writes Server-Sent Events as they come. What goes wrong on the way can no longer be a status: it is the event `problem`. */
export function sendEvents(
  response: ServerResponse,
  names: RequestNames,
  { status, headers, events }: Reply & { readonly events: NonNullable<Reply['events']> },
  edge: Edge,
): void {
  const all: OutgoingHttpHeaders = {
    'X-Request-Id': names.requestId,
    'Content-Type': EVENTS_TYPE,
    // Proxies would rather collect an answer before they pass it on.
    'Cache-Control': 'no-cache',
    'X-Accel-Buffering': 'no',
    ...(edge.stopping ? { Connection: 'close' } : {}),
    ...headers,
  };
  if (edge.origins !== undefined) shareWith(edge.origins, response.req.headers.origin, all);
  response.writeHead(status, all);
  const send = (name: string, data: unknown) => {
    if (!response.destroyed) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  events(send)
    .catch((error: unknown) => {
      const problem = toProblem(error);
      if (problem.code === 'internal_error') {
        edge.log({ level: 'error', ...names, message: String(problem.cause) });
      }
      send('problem', toProblemJson(problem));
    })
    .finally(() => response.end());
}
