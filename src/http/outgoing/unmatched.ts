import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import { requestIdOf } from '../incoming/request-id.ts';
import type { Route } from '../route.ts';
import { preflightHeaders } from './cors.ts';
import { empty } from './reply.ts';
import { type Edge, problemReply, send, sendError } from './send.ts';

type Template = readonly string[];

/** Answers what no route has: 405 with `Allow` on a known path, 404 with a near miss on others, and OPTIONS on each. */
export function unmatched(routes: readonly Route[], edge: Edge): RequestHandler {
  const templates = new Map<string, { readonly template: Template; readonly methods: Set<string> }>();
  for (const { path, method } of routes) {
    const known = templates.get(path) ?? { template: path.split('/'), methods: new Set<string>() };
    templates.set(path, known);
    known.methods.add(method);
    if (method === 'GET') known.methods.add('HEAD');
  }

  return function handleUnmatched(request: Request, response: Response): void {
    const startedAt = performance.now();
    const requestId = requestIdOf(request.headers['x-request-id']);
    const measured = (status: number) => edge.measured?.(undefined, status, startedAt, { requestId });
    const segments = request.path.split('/');
    const methods = [...templates.values()]
      .filter(({ template }) => matches(template, segments))
      .map((each) => each.methods);
    const allow = [...new Set(methods.flatMap((each) => [...each])), 'OPTIONS'].join(', ');
    if (request.method === 'OPTIONS' && (methods.length > 0 || request.path === '*')) {
      send(
        response,
        requestId,
        empty(204, { Allow: allow, ...preflightHeaders(edge.origins, request.headers, allow) }),
        edge,
      );
      measured(204);
    } else if (methods.length > 0) {
      const detail = `\`${request.method}\` is not possible on \`${shown(request.path)}\`; possible are ${allow}`;
      const refuse = (problem: Problem) => ({ ...problemReply(problem), headers: { Allow: allow } });
      measured(sendError(response, { requestId }, new Problem('method_not_allowed', detail), edge, refuse));
    } else {
      const paths = [...templates.values()].flatMap(({ template }) => filledIn(template, segments));
      const meant = didYouMean(request.path, paths);
      const problem = new Problem(
        'unknown_path',
        `there is nothing at \`${shown(request.path)}\``,
        meant === undefined ? {} : { didYouMean: meant },
      );
      measured(sendError(response, { requestId }, problem, edge));
    }
  };
}

/**
 * Express's own errors, such as a path whose percent-encoding is broken, and whatever a handler let through. In the form of the route that
 * was asked for, whose parameters are then as they were sent.
 */
export function failed(routes: readonly Route[], edge: Edge): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return function handleError(error: unknown, request: Request, response: Response, _next: unknown): void {
    const segments = request.path.split('/');
    const route = routes.find(({ method, path }) => method === request.method && matches(path.split('/'), segments));
    const refuse = route?.refuse;
    const refusal = refuse && ((problem: Problem) => refuse(problem, sent(route, segments)));
    sendError(response, { requestId: requestIdOf(request.headers['x-request-id']) }, error, edge, refusal);
  };
}

function sent({ path }: Route, segments: readonly string[]): Readonly<Record<string, string>> {
  const named = path
    .split('/')
    .flatMap((part, i) => (part.startsWith(':') ? [[part.slice(1), segments[i] ?? '']] : []));
  return Object.fromEntries(named);
}

function matches(template: Template, segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]))
  );
}

/** The path that was perhaps meant: the template with the caller's own words in its parameters. */
function filledIn(template: Template, segments: readonly string[]): readonly string[] {
  // `/v1/decisions/` is meant as `/v1/decisions`.
  const given = segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  if (template.length !== given.length) return [];
  return [template.map((part, i) => (part.startsWith(':') ? (given[i] ?? '') : part)).join('/')];
}

function shown(path: string): string {
  return path.slice(0, 256);
}
