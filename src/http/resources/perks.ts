import { toApiPerks } from '../../api/members/to-api-perks.ts';
import { toApiPreview } from '../../api/members/to-api-preview.ts';
import { cancellationPreview } from '../../use-cases/perks/cancellation-preview.ts';
import { perks } from '../../use-cases/perks/perks.ts';
import { permitMembership } from '../asking.ts';
import type { Deps } from '../deps.ts';
import { instantParameter, integerParameter } from '../incoming/query.ts';
import { json } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';
import { userOf } from './members.ts';

const QUERY = ['at', 'minRevision'];

/** What a member has, and what the end of the membership would leave of it. */
export function perkRoutes(deps: Deps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/members/:id/perks',
      scope: 'decide',
      query: QUERY,
      answer: async (call) => json(200, toApiPerks(await perks(deps, deps.rules.book, askedIn(call, deps)))),
    },
    {
      method: 'GET',
      path: '/v1/members/:id/cancellation-preview',
      scope: 'decide',
      query: QUERY,
      answer: async (call) =>
        json(200, toApiPreview(await cancellationPreview(deps, deps.rules.book, askedIn(call, deps)))),
    },
  ];
}

/** Throws `forbidden` where the caller may not ask this. */
function askedIn(call: Call, { rules }: Deps) {
  const user = userOf(call);
  const at = instantParameter(call.query, 'at');
  permitMembership(call.caller, rules.book, at);
  return {
    user,
    at,
    minRevision: integerParameter(call.query, 'minRevision', 0, Number.MAX_SAFE_INTEGER),
  };
}
