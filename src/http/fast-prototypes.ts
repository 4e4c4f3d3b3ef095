import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';

/**
 * Classes whose objects are Express's requests and responses from the start. Express sets the prototypes of both on every
 * request, and changing the prototype of a live object costs more than everything else it does; setting the one that is
 * there already costs nothing. INVARIANT: one app per pair; a mounted app would set other prototypes and lose the gain.
 */
export function fastPrototypes(app: Express): {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse<IncomingMessage>;
} {
  class FastRequest extends IncomingMessage {}
  class FastResponse extends ServerResponse<IncomingMessage> {}
  Object.setPrototypeOf(FastRequest.prototype, app.request);
  Object.setPrototypeOf(FastResponse.prototype, app.response);
  app.request = FastRequest.prototype as unknown as Request;
  app.response = FastResponse.prototype as unknown as Response;
  return { IncomingMessage: FastRequest, ServerResponse: FastResponse };
}
