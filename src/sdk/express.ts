import type { Request, RequestHandler } from 'express';
import type { Decision } from './decision.ts';
import { type GuardOptions, judge, type RouteArguments } from './judge.ts';
import type { Perkbook } from './perkbook.ts';
import type { ActionOf, AnyRuleSet, RuleSetTypes } from './rule-set-types.ts';

declare global {
  namespace Express {
    interface Request {
      /** What Perkbook decided; there behind a guard. */
      decision?: Decision;
    }
  }
}

/** What a route asks for: `app.post('/images', requires('generation.create', ({ body }) => ({ loras: body.loras })), …)`. */
export type Requires<R extends RuleSetTypes> = <A extends ActionOf<R>>(
  action: A,
  ...route: RouteArguments<Request, R, A>
) => RequestHandler;

/** Guards of routes: who may not do what the route is for is answered with 403, and who may reaches it. */
export function guard<R extends RuleSetTypes = AnyRuleSet>(
  perkbook: Perkbook<R>,
  forAll: GuardOptions<Request>,
): Requires<R> {
  return (action, ...[input, options]) =>
    async (request, response, next) => {
      const judged = await judge(perkbook, request, action, input, { ...forAll, ...options });
      if ('decision' in judged) {
        request.decision = judged.decision as unknown as Decision;
        next();
        return;
      }
      const { status, headers, problem } = judged.refusal;
      response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(problem));
    };
}
