import type { AuthzenDecision } from '../../generated/authzen/answer.ts';
import type { Answer } from '../../use-cases/decisions/ask.ts';
import { toApiDecision } from '../decisions/to-api-decision.ts';

/** A decision as AuthZEN writes it; the context has everything else that `POST /v1/decisions` answers. */
export function toAuthzenDecision(answer: Answer, id: string): AuthzenDecision {
  // Who asked for what is in the request.
  const { decision: _decision, user: _user, action: _action, ...context } = toApiDecision(answer, id);
  return { decision: answer.decision.allowed, context };
}
