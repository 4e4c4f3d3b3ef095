import { fromApiMember, revisionIn } from '../../api/members/from-api-member.ts';
import { fromApiMemberPatch } from '../../api/members/from-api-member-patch.ts';
import { toApiMember, toApiMemberPage } from '../../api/members/to-api-member.ts';
import { parseUserId } from '../../domain/user-id.ts';
import { deleteMember } from '../../use-cases/members/delete-member.ts';
import { getMember } from '../../use-cases/members/get-member.ts';
import { LARGEST_PAGE, listMembers } from '../../use-cases/members/list-members.ts';
import { patchMember } from '../../use-cases/members/patch-member.ts';
import { allOf, atRevision, type Precondition } from '../../use-cases/members/precondition.ts';
import { putMember } from '../../use-cases/members/put-member.ts';
import type { MemberView } from '../../use-cases/members/write-member.ts';
import type { Deps } from '../deps.ts';
import { etagOf, isNotModified, preconditionOf } from '../incoming/etag.ts';
import { JSON_TYPE, MERGE_PATCH_TYPE } from '../incoming/media-type.ts';
import { integerParameter } from '../incoming/query.ts';
import { empty, json, type Reply } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';

const PATH = '/v1/members/:id';

export function memberRoutes(deps: Deps): readonly Route[] {
  const book = () => deps.rules.book;
  return [
    {
      method: 'GET',
      path: '/v1/members',
      scope: 'members:read',
      query: ['after', 'limit'],
      answer: async ({ query }) => {
        const limit = integerParameter(query, 'limit', 1, LARGEST_PAGE);
        const after = query.after === undefined ? undefined : parseUserId(query.after, '/after');
        return json(200, toApiMemberPage(await listMembers(deps, book(), { after, limit })));
      },
    },
    {
      method: 'GET',
      path: PATH,
      scope: 'members:read',
      answer: async (call) => {
        const view = await getMember(deps, book(), userOf(call));
        const tag = etagOf(view.member.revision);
        return isNotModified(call.headers['if-none-match'], tag) ? empty(304, { ETag: tag }) : memberReply(200, view);
      },
    },
    {
      method: 'PUT',
      path: PATH,
      scope: 'members:write',
      takes: [JSON_TYPE],
      answer: async (call) => {
        const user = userOf(call);
        const fields = fromApiMember(call.body, user);
        const written = await putMember(deps, book(), user, fields, guardIn(call));
        return memberReply(written.created ? 201 : 200, written);
      },
    },
    {
      method: 'PATCH',
      path: PATH,
      scope: 'members:write',
      takes: [MERGE_PATCH_TYPE, JSON_TYPE],
      answer: async (call) => {
        const user = userOf(call);
        const patch = fromApiMemberPatch(call.body, user);
        const written = await patchMember(deps, book(), user, patch, guardIn(call));
        return memberReply(written.created ? 201 : 200, written);
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      scope: 'members:write',
      answer: async (call) => {
        const user = userOf(call);
        await deleteMember(deps, user, preconditionIn(call));
        // Last, and also where there was no such member: whoever is told that it is gone can rely on it.
        await deps.decisionLog?.forget(user);
        return empty(204);
      },
    },
  ];
}

/** The user that the path names. */
export function userOf({ params }: Call): string {
  return parseUserId(params.id, '/id');
}

export function preconditionIn({ headers }: Call): ReturnType<typeof preconditionOf> {
  return preconditionOf(headers['if-match'], headers['if-none-match']);
}

/** A revision in the body guards as `If-Match` does: it says what the change was made from. */
function guardIn(call: Call): Precondition | undefined {
  const revision = revisionIn(call.body);
  return allOf([preconditionIn(call), revision === undefined ? undefined : atRevision(revision)]);
}

/** A member with its revision as the tag. */
export function memberReply(status: 200 | 201, view: MemberView): Reply {
  return json(status, toApiMember(view), { ETag: etagOf(view.member.revision) });
}
