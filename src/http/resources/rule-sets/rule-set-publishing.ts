import { toApiPublished } from '../../../api/rule-sets/to-api-publication.ts';
import { Problem } from '../../../domain/problem.ts';
import type { PublishingPorts } from '../../../use-cases/rule-sets/ports.ts';
import { type Published, type PublishRequest, publish } from '../../../use-cases/rule-sets/publish.ts';
import { rollback } from '../../../use-cases/rule-sets/rollback.ts';
import { withdraw } from '../../../use-cases/rule-sets/withdraw.ts';
import type { Deps } from '../../deps.ts';
import { etagOf } from '../../incoming/etag.ts';
import { JSON_TYPE, MULTIPART_TYPE, YAML_TYPE } from '../../incoming/media-type.ts';
import { ruleSetPartsIn } from '../../incoming/rule-set-parts.ts';
import {
  authorOr,
  expectedIn,
  flagIn,
  namesIn,
  noteIn,
  ruleSetIdOf,
  shareIn,
} from '../../incoming/rule-set-request.ts';
import { empty, json, type Reply } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';

/** The query parameters of everything that publishes. */
export const PUBLISH_QUERY = ['note', 'dryRun', 'acceptLoss', 'acceptScenarios'];

/** Publishing, taking back, and going back. */
export function ruleSetPublishingRoutes({ publishing }: Deps): readonly Route[] {
  if (publishing === undefined) return [];
  return [
    {
      method: 'POST',
      path: '/v1/rule-sets/:id/versions',
      scope: 'rules:publish',
      query: PUBLISH_QUERY,
      takes: [YAML_TYPE, MULTIPART_TYPE],
      reads: 'bytes',
      answer: async (call) => {
        const ruleSet = ruleSetIdOf(call);
        const options = { ...publishOptionsIn(call), author: authorOr(call), expected: expectedIn(call) };
        return publishedReply(await publish(publishing, { ruleSet, ...options, ...(await ruleSetPartsIn(call)) }));
      },
    },
    {
      method: 'DELETE',
      path: '/v1/rule-sets/:id/versions/:version',
      scope: 'rules:publish',
      answer: async (call) => {
        await withdraw(publishing, ruleSetIdOf(call), versionNumberIn(call), expectedIn(call));
        return empty(204);
      },
    },
    {
      method: 'POST',
      path: '/v1/rule-sets/:id/rollback',
      scope: 'rules:publish',
      takes: [JSON_TYPE],
      answer: (call) => rollbackAsAsked(publishing, call),
    },
  ];
}

/** What the query says of publishing. */
export function publishOptionsIn({
  query,
}: Call): Pick<PublishRequest, 'note' | 'dryRun' | 'acceptLoss' | 'acceptScenarios'> {
  return {
    note: noteIn(query.note),
    dryRun: flagIn(query, 'dryRun'),
    acceptLoss: shareIn(query, 'acceptLoss'),
    acceptScenarios: namesIn(query, 'acceptScenarios'),
  };
}

export function publishedReply(published: Published): Reply {
  if (published.dryRun) return json(200, toApiPublished(published));
  const { id, version } = published.version.ref;
  return json(201, toApiPublished(published), {
    ETag: etagOf(version),
    Location: `/v1/rule-sets/${id}/versions/${version}`,
  });
}

async function rollbackAsAsked(publishing: PublishingPorts, call: Call): Promise<Reply> {
  const ruleSet = ruleSetIdOf(call);
  const { body } = call;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('invalid_field', 'the body must be an object such as `{"to": 2, "note": "why"}`', { field: '' });
  }
  const { to, note, ...others } = body as Readonly<Record<string, unknown>>;
  const [unwanted] = Object.keys(others);
  if (unwanted !== undefined) {
    throw new Problem(
      'unknown_field',
      `\`${unwanted.slice(0, 256)}\` is not known here; known are \`to\` and \`note\``,
      {
        field: `/${unwanted.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      },
    );
  }
  if (to === undefined)
    throw new Problem('missing_field', '`to` is required: the version to go back to', { field: '/to' });
  if (typeof to !== 'number' || !Number.isSafeInteger(to) || to < 1) {
    throw new Problem('invalid_field', '`to` must be the number of a version', { field: '/to' });
  }
  return publishedReply(await rollback(publishing, { ruleSet, to, note: noteIn(note), author: authorOr(call) }));
}

function versionNumberIn({ params: { version = '' } }: Call): number {
  if (/^[1-9]\d{0,8}$/.test(version)) return Number(version);
  throw new Problem('unknown_version', `\`${version.slice(0, 256)}\` is no number of a version`);
}
