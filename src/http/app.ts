import express, { type Express } from 'express';
import type { Deps } from './deps.ts';
import type { Edge } from './outgoing/send.ts';
import { failed, unmatched } from './outgoing/unmatched.ts';
import { routesOf } from './routes.ts';
import { serve } from './serve.ts';

/**
 * The Express app. Everything of Express that costs time on each request and that Perkbook does itself is off. Make a server of
 * it with `createServer`, never with `app.listen()`.
 */
export function createApp(deps: Deps, edge: Edge): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.enable('strict routing');
  app.enable('case sensitive routing');

  const routes = routesOf(deps, () => edge.stopping);
  for (const route of routes) {
    const handler = serve(route, edge);
    switch (route.method) {
      case 'GET':
        app.get(route.path, handler);
        break;
      case 'POST':
        app.post(route.path, handler);
        break;
      case 'PUT':
        app.put(route.path, handler);
        break;
      case 'PATCH':
        app.patch(route.path, handler);
        break;
      case 'DELETE':
        app.delete(route.path, handler);
        break;
    }
  }
  app.use(unmatched(routes, edge));
  app.use(failed(routes, edge));
  return app;
}
