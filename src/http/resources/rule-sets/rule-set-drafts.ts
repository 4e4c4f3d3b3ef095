import { toApiDraft, toApiDraftHead } from '../../../api/rule-sets/to-api-publication.ts';
import type { ApiDraftList } from '../../../generated/answers/publishing/draft-list.ts';
import { deleteDraft, getDraft, listDrafts, putDraft } from '../../../use-cases/rule-sets/drafts.ts';
import { newestNumber } from '../../../use-cases/rule-sets/newest.ts';
import { publishDraft } from '../../../use-cases/rule-sets/publish-draft.ts';
import type { Deps } from '../../deps.ts';
import { JSON_TYPE, YAML_TYPE } from '../../incoming/media-type.ts';
import { integerParameter } from '../../incoming/query.ts';
import { authorOr, expectedIn, parseAuthor, ruleSetIdOf, textOf } from '../../incoming/rule-set-request.ts';
import { empty, json } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';
import { PUBLISH_QUERY, publishedReply, publishOptionsIn } from './rule-set-publishing.ts';

const ALL = '/v1/rule-sets/:id/drafts';
const ONE = `${ALL}/:author`;

/** What authors are working on, one draft each. */
export function ruleSetDraftRoutes({ publishing }: Deps): readonly Route[] {
  if (publishing === undefined) return [];
  return [
    {
      method: 'GET',
      path: ALL,
      scope: 'rules:read',
      answer: async (call) => {
        const ruleSet = ruleSetIdOf(call);
        const newest = newestNumber(publishing.live.book, ruleSet);
        const drafts = await listDrafts(publishing, ruleSet);
        return json(200, { drafts: drafts.map((draft) => toApiDraftHead(draft, newest)) } satisfies ApiDraftList);
      },
    },
    {
      method: 'GET',
      path: ONE,
      scope: 'rules:read',
      produces: [JSON_TYPE, YAML_TYPE],
      answer: async (call) => {
        const view = await getDraft(publishing, ruleSetIdOf(call), draftAuthor(call));
        const headers = { Vary: 'Accept' };
        if (call.accepted === YAML_TYPE) return { status: 200, type: YAML_TYPE, body: view.draft.yaml, headers };
        return json(200, toApiDraft(view), headers);
      },
    },
    {
      method: 'PUT',
      path: ONE,
      scope: 'rules:write',
      query: ['base'],
      takes: [YAML_TYPE],
      reads: 'bytes',
      answer: async (call) => {
        const base = integerParameter(call.query, 'base', 0, Number.MAX_SAFE_INTEGER);
        const draft = { ruleSet: ruleSetIdOf(call), author: draftAuthor(call), yaml: textOf(call.body), base };
        const saved = await putDraft(publishing, draft);
        return json(saved.created ? 201 : 200, toApiDraft(saved));
      },
    },
    {
      method: 'DELETE',
      path: ONE,
      scope: 'rules:write',
      answer: async (call) => {
        await deleteDraft(publishing, ruleSetIdOf(call), draftAuthor(call));
        return empty(204);
      },
    },
    {
      method: 'POST',
      path: `${ONE}/publish`,
      scope: 'rules:publish',
      query: PUBLISH_QUERY,
      answer: async (call) => {
        const of = draftAuthor(call);
        const expected = expectedIn(call);
        const request = {
          ruleSet: ruleSetIdOf(call),
          of,
          expected,
          author: authorOr(call, of),
          ...publishOptionsIn(call),
        };
        return publishedReply(await publishDraft(publishing, request));
      },
    },
  ];
}

function draftAuthor({ params: { author = '' } }: Call): string {
  return parseAuthor(author, 'the author in the path');
}
