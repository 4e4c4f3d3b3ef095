import type { Request, RequestHandler } from 'express';
import type { Decision } from './decision.ts';
import { type GuardOptions, type InputOf, judge, type RouteArguments } from './judge.ts';
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
export type Requires<R extends RuleSetTypes> = <A extends ActionOf<R>, I extends InputOf<R, A>>(
  action: A,
  ...route: RouteArguments<Request, R, A, I>
) => RequestHandler;

/** Guards of routes: who may not do what the route is for is answered with 403, and who may reaches it. */
export function guard<R extends RuleSetTypes = AnyRuleSet>(
  perkbook: Perkbook<R>,
  forAll: GuardOptions<Request>,
): Requires<R> {
  return (action, ...[input, options]) =>
    async (request, response, next) => {
      try {
        const judged = await judge(perkbook, request, action, input, { ...forAll, ...options });
        if ('refusal' in judged) {
          const { status, headers, problem } = judged.refusal;
          response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(problem));
          return;
        }
        request.decision = judged.decision as unknown as Decision;
      } catch (error) {
        // Express 4 does not look at promises: a rejection would end the process.
        next(error);
        return;
      }
      next();
    };
}
