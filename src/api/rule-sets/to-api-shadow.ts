import type { Decision } from '../../domain/decision.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { ResourceClaim } from '../../domain/question.ts';
import type { ApiShadow, ApiShadowAnswer, ApiShadowExample } from '../../generated/answers/candidates/shadow.ts';
import type { ShadowExample, ShadowReport } from '../../use-cases/shadow/shadow.ts';
import { toApiValues } from '../decisions/to-api-decision.ts';

/** What a candidate has said beside the versions in force, as JSON. */
export function toApiShadow({ candidate, since, examples, ...counts }: ShadowReport): ApiShadow {
  return {
    candidate: { digest: candidate.digest },
    since: formatInstant(since),
    ...counts,
    examples: examples.map(toApiExample),
  };
}

function toApiExample({ user, action, question, at, difference, live, candidate }: ShadowExample): ApiShadowExample {
  const { input, context, resource, amount } = question;
  return {
    user,
    action,
    ...(Object.keys(input).length === 0 ? {} : { input }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(resource === null ? {} : { resource: toApiResource(resource) }),
    ...(amount === 1 ? {} : { amount }),
    at: formatInstant(at),
    difference,
    live: said(live),
    candidate: said(candidate),
  };
}

/** As a question says it, so that the example can be asked again. */
function toApiResource({ type, id, properties }: ResourceClaim): NonNullable<ApiShadowExample['resource']> {
  return { type, ...(id !== null && { id }), ...(Object.keys(properties).length > 0 && { properties }) };
}

function said(decision: Decision): ApiShadowAnswer {
  const { allowed, reason } = decision;
  return {
    decision: allowed ? 'allow' : 'deny',
    ...(reason === null
      ? {}
      : { reason: { code: reason.code, ...(reason.perk === null ? {} : { perk: reason.perk }) } }),
    values: toApiValues(decision.values, decision.answers),
  };
}

/** The same for who may not read members: neither who asked, nor what was said of whom. */
export function withoutUsers(shadow: ApiShadow): ApiShadow {
  const examples = shadow.examples.map(
    ({ input: _input, context: _context, resource: _resource, ...each }): ApiShadowExample => ({ ...each, user: null }),
  );
  return { ...shadow, examples };
}
