import { fromApiTerm } from '../../api/members/from-api-member.ts';
import { Problem } from '../../domain/problem.ts';
import { deleteTerm } from '../../use-cases/members/delete-term.ts';
import { putTerm } from '../../use-cases/members/put-term.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { empty } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';
import { memberReply, preconditionIn, userOf } from './members.ts';

const PATH = '/v1/members/:id/terms/:term';
const LONGEST = 256;

/** One term at a time: for billing events that come twice, or out of order. */
export function termRoutes(deps: Deps): readonly Route[] {
  return [
    {
      method: 'PUT',
      path: PATH,
      scope: 'members:write',
      takes: [JSON_TYPE],
      answer: async (call) => {
        const term = fromApiTerm(call.body, termOf(call));
        const written = await putTerm(deps, deps.rules.book, userOf(call), term, preconditionIn(call));
        return memberReply(written.created ? 201 : 200, written);
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      scope: 'members:write',
      answer: async (call) => {
        const { view } = await deleteTerm(deps, deps.rules.book, userOf(call), termOf(call), preconditionIn(call));
        return view === null ? empty(204) : memberReply(200, view);
      },
    },
  ];
}

function termOf({ params: { term = '' } }: Call): string {
  if (term.length <= LONGEST && !/\p{Cc}/u.test(term)) return term;
  throw new Problem('invalid_id', `the id of a term has 1 to ${LONGEST} characters, none of them a control character`, {
    field: '/term',
  });
}
