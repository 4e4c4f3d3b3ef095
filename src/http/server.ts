import { createServer as createHttpServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { ANYBODY } from '../domain/caller.ts';
import { createApp } from './app.ts';
import type { Deps } from './deps.ts';
import { fastPrototypes } from './fast-prototypes.ts';
import { onClientError } from './incoming/client-error.ts';
import { logSeldom } from './log-seldom.ts';
import { refuseOnServer, requiringHost } from './outgoing/refusals.ts';

/** How long an idle connection is kept: longer than the usual 60 s of a load balancer, so that it closes first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
/** A connection on which nothing moves, in either direction, for so long is cut. */
const SILENT_FOR_MS = 60_000;
const CHECK_EVERY_MS = 2_000;
const MAX_HEADER_BYTES = 16_384;

/** How long requests that are under way may take once the server stops. */
const STOP_WITHIN_MS = 10_000;

export interface StopOptions {
  /**
   * How long open connections without a request may still send one, in milliseconds: the request may be on the wire already. 0 when
   * absent. It is answered, and the connection closed with the answer.
   */
  readonly idleGraceMs?: number;
}

export interface PerkbookServer {
  readonly server: Server;
  /** Accepts no more connections, answers what is under way, and resolves when the last connection is closed. */
  stop(options?: StopOptions): Promise<void>;
}

/** The HTTP server, not yet listening. Slow and silent callers are cut off by its timeouts. */
export function createServer(deps: Deps): PerkbookServer {
  const { admit = () => ANYBODY, measured, trace, log, origins } = deps;
  const edge = { stopping: false, log, logSeldom: logSeldom(log), admit, measured, trace, origins };
  const app = createApp(deps, edge);
  const server = createHttpServer(
    {
      ...fastPrototypes(app),
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
      // Asked for by us: the answer then has a request id.
      requireHostHeader: false,
    },
    requiringHost(app, edge),
  );
  refuseOnServer(server, edge);
  server.timeout = SILENT_FOR_MS;
  server.on('clientError', onClientError);

  return {
    server,
    stop: async ({ idleGraceMs = 0 } = {}) => {
      edge.stopping = true;
      await stop(server, idleGraceMs);
    },
  };
}

async function stop(server: Server, idleGraceMs: number): Promise<void> {
  // Connections that the kernel holds ready are accepted first: closing the socket would reset them.
  await new Promise((resolve) => setImmediate(resolve));
  // Not `server.close`, which would cut idle connections at once, and with them requests that are on the wire.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const grace = setTimeout(() => server.closeIdleConnections(), idleGraceMs);
  const limit = setTimeout(() => server.closeAllConnections(), STOP_WITHIN_MS);
  await closed;
  clearTimeout(grace);
  clearTimeout(limit);
  // Ends the server's own timer.
  server.close();
}
