import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Decision } from './decision.ts';
import { type GuardOptions, type InputOf, judge, type RouteArguments } from './judge.ts';
import type { Perkbook } from './perkbook.ts';
import type { ActionOf, AnyRuleSet, RuleSetTypes } from './rule-set-types.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What Perkbook decided; there behind a guard. */
    decision?: Decision;
  }
}

/** What a route asks for: `{ preHandler: requires('generation.create', ({ body }) => ({ loras: body.loras })) }`. */
export type Requires<R extends RuleSetTypes> = <A extends ActionOf<R>, I extends InputOf<R, A>>(
  action: A,
  ...route: RouteArguments<FastifyRequest, R, A, I>
) => preHandlerAsyncHookHandler;

/** Guards of routes: who may not do what the route is for is answered with 403, and who may reaches it. */
export function guard<R extends RuleSetTypes = AnyRuleSet>(
  perkbook: Perkbook<R>,
  forAll: GuardOptions<FastifyRequest>,
): Requires<R> {
  return (action, ...[input, options]) =>
    async (request, reply) => {
      const judged = await judge(perkbook, request, action, input, { ...forAll, ...options });
      if ('decision' in judged) {
        request.decision = judged.decision as unknown as Decision;
        return;
      }
      const { status, headers, problem } = judged.refusal;
      return reply.code(status).headers(headers).type('application/problem+json').send(JSON.stringify(problem));
    };
}
