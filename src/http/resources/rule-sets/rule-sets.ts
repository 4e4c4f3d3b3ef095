import { createHash } from 'node:crypto';
import { type ApiPublication, toApiPublication } from '../../../api/rule-sets/to-api-publication.ts';
import { formatInstant, type Instant } from '../../../domain/instant.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ApiMatrix } from '../../../generated/answers/rule-sets/matrix.ts';
import type { ApiRuleSet } from '../../../generated/answers/rule-sets/rule-set.ts';
import type { ApiRuleSetHead } from '../../../generated/answers/rule-sets/rule-set-head.ts';
import type { ApiRuleSetList } from '../../../generated/answers/rule-sets/rule-set-list.ts';
import type { ApiVersion } from '../../../generated/answers/rule-sets/version.ts';
import type { ApiVersionHead } from '../../../generated/answers/rule-sets/version-head.ts';
import type { ApiVersionList } from '../../../generated/answers/rule-sets/version-list.ts';
import { ownBook } from '../../../rules/own-book.ts';
import type { RuleSet, Version } from '../../../rules/rule-set.ts';
import { versionInForce } from '../../../rules/version-in-force.ts';
import { ruleSetNamed } from '../../../use-cases/decisions/rule-set-named.ts';
import type { Deps } from '../../deps.ts';
import { isNotModified } from '../../incoming/etag.ts';
import { JSON_TYPE, YAML_TYPE } from '../../incoming/media-type.ts';
import { integerParameter } from '../../incoming/query.ts';
import { empty, json, type Reply } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';

export function ruleSetRoutes(deps: Deps): readonly Route[] {
  const named = ({ caller, params: { id = '' } }: Call) => ruleSetNamed(ownBook(caller, deps.rules.book), id);
  /** Who published it, when and why. */
  const published = ({ ref }: Version) =>
    toApiPublication(deps.publishing?.live.history.get(ref.id)?.find(({ version }) => version === ref.version));
  return [
    {
      method: 'GET',
      path: '/v1/rule-sets',
      scope: 'rules:read',
      answer: ({ caller }) => {
        const now = deps.clock.now();
        const ruleSets = [...ownBook(caller, deps.rules.book).ruleSets.values()];
        return json(200, { ruleSets: ruleSets.map((each) => summary(each, now)) } satisfies ApiRuleSetList);
      },
    },
    {
      method: 'GET',
      path: '/v1/rule-sets/:id',
      scope: 'rules:read',
      answer: (call) => {
        const ruleSet = named(call);
        return tagged(call, ruleSet, contents(ruleSet, deps.clock.now()));
      },
    },
    {
      method: 'GET',
      path: '/v1/rule-sets/:id/versions',
      scope: 'rules:read',
      answer: (call) => {
        const ruleSet = named(call);
        const versions = ruleSet.versions.map((version) => ({ ...versionHead(version), ...published(version) }));
        return tagged(call, ruleSet, { versions } satisfies ApiVersionList);
      },
    },
    {
      method: 'GET',
      path: '/v1/rule-sets/:id/versions/:version',
      scope: 'rules:read',
      produces: [JSON_TYPE, YAML_TYPE],
      answer: (call) => oneVersion(call, versionNumbered(named(call), call.params.version ?? ''), published),
    },
    {
      method: 'GET',
      path: '/v1/rule-sets/:id/matrix',
      scope: 'rules:read',
      query: ['version'],
      answer: async (call) => {
        const ruleSet = named(call);
        const number = integerParameter(call.query, 'version', 1, Number.MAX_SAFE_INTEGER);
        const version =
          number === undefined ? versionInForce(ruleSet, deps.clock.now()) : versionNumbered(ruleSet, String(number));
        const { matrixOf } = await import('../../../rules/matrix.ts');
        return json(200, matrixOf(version) satisfies ApiMatrix);
      },
    },
  ];
}

export function newestOf(ruleSet: RuleSet): Version {
  const version = ruleSet.versions.at(-1);
  if (version === undefined) throw new Error(`rule set \`${ruleSet.id}\` has no version`);
  return version;
}

function versionNumbered(ruleSet: RuleSet, text: string): Version {
  const version = ruleSet.versions.find((each) => String(each.ref.version) === text);
  if (version !== undefined) return version;
  const known = ruleSet.versions.map((each) => each.ref.version);
  throw new Problem(
    'unknown_version',
    `rule set \`${ruleSet.id}\` has no version \`${text.slice(0, 256)}\`; it has ${known.join(', ')}`,
  );
}

/**
 * Tagged with the number of the newest version, which publishing the next one asks for, and with a hash of the answer. INVARIANT: one tag
 * names one answer. The number alone names several: a file that is not locked may be edited, a scheduled version taken back and its
 * number given to another.
 */
function tagged({ headers }: Call, ruleSet: RuleSet, body: unknown): Reply {
  const reply = json(200, body);
  const ETag = `"${newestOf(ruleSet).ref.version}-${shortHash(reply.body ?? '')}"`;
  return isNotModified(headers['if-none-match'], ETag) ? empty(304, { ETag }) : { ...reply, headers: { ETag } };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function oneVersion(call: Call, version: Version, published: (version: Version) => ApiPublication): Reply {
  const headers = { Vary: 'Accept' };
  if (call.accepted === YAML_TYPE) return { status: 200, type: YAML_TYPE, body: version.yaml, headers };
  return json(
    200,
    {
      ruleSet: version.ref.id,
      ...versionHead(version),
      ...published(version),
      content: version.json,
    } satisfies ApiVersion,
    headers,
  );
}

function summary(ruleSet: RuleSet, now: Instant): ApiRuleSetHead {
  const newest = newestOf(ruleSet);
  return {
    id: ruleSet.id,
    title: newest.title,
    versions: ruleSet.versions.length,
    inForce: versionInForce(ruleSet, now).ref.version,
    newest: newest.ref.version,
    digest: newest.ref.digest,
  };
}

/** What the newest version declares: enough to ask a question without reading the file. */
function contents(ruleSet: RuleSet, now: Instant): ApiRuleSet {
  const { tiers, cards, actions, statements } = newestOf(ruleSet);
  return {
    ...summary(ruleSet, now),
    tiers: tiers.map(({ id, title, retired }) => ({ id, title, retired })),
    perks: [...cards.values()].map((card) => ({
      id: card.id,
      title: card.title,
      kind: card.kind.name,
      afterEnd: card.afterEnd,
      actions: Object.fromEntries(card.actions.map(({ action, verb }) => [action, verb])),
      source: card.source,
    })),
    actions: [...actions.values()].map(({ id, title, input, resource, source }) => ({
      id,
      title,
      input,
      resource,
      source,
    })),
    statements,
  };
}

function versionHead({ ref, title, from, existingMembers }: Version): Omit<ApiVersionHead, keyof ApiPublication> {
  return { version: ref.version, digest: ref.digest, title, from: formatInstant(from), existingMembers };
}
