import { fromApiKeyRequest } from '../../api/keys/from-api-key-request.ts';
import { toApiKey } from '../../api/keys/to-api-key.ts';
import type { Caller } from '../../domain/caller.ts';
import { Problem } from '../../domain/problem.ts';
import { checkRuleSets } from '../../use-cases/keys/check-rule-sets.ts';
import { KEY_ID } from '../../use-cases/keys/key-text.ts';
import { makeKey } from '../../use-cases/keys/make-key.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { empty, json } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';

const PATH = '/v1/keys';

/** Keys, by who may do everything. Always by the real time: a test clock makes no key older. */
export function keyRoutes({ apiKeys, rules, log }: Deps): readonly Route[] {
  if (apiKeys === undefined) return [];
  const { store, live } = apiKeys;
  return [
    {
      method: 'POST',
      path: PATH,
      scope: 'admin',
      takes: [JSON_TYPE],
      answer: async ({ body, caller }) => {
        requireAll(caller);
        const now = Date.now();
        const wanted = fromApiKeyRequest(body, now);
        const warning = checkRuleSets(wanted, new Set(rules.book.ruleSets.keys()));
        const { key, text } = await makeKey(store, wanted, now);
        await live.look();
        log({ message: `the key ${key.id} was made`, by: caller.id, name: key.name, scopes: key.scopes.join(' ') });
        return json(
          201,
          { key: text, ...toApiKey(key, now), ...(warning === undefined ? {} : { warning }) },
          { Location: `${PATH}/${key.id}`, 'Cache-Control': 'no-store' },
        );
      },
    },
    {
      method: 'GET',
      path: PATH,
      scope: 'admin',
      answer: async ({ caller }) => {
        requireAll(caller);
        const now = Date.now();
        return json(200, { keys: (await store.list()).map((key) => toApiKey(key, now)) });
      },
    },
    {
      method: 'GET',
      path: `${PATH}/:id`,
      scope: 'admin',
      answer: async (call) => {
        requireAll(call.caller);
        const id = keyIdOf(call);
        const found = (await store.list()).find((key) => key.id === id);
        if (found === undefined) throw unknownKey(id);
        return json(200, toApiKey(found, Date.now()));
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/:id`,
      scope: 'admin',
      answer: async (call) => {
        requireAll(call.caller);
        const id = keyIdOf(call);
        if ((await store.revoke(id, Date.now())) === undefined) throw unknownKey(id);
        await live.look();
        log({ message: `the key ${id} was revoked`, by: call.caller.id });
        return empty(204);
      },
    },
  ];
}

/** A token may be kept to rule sets and have the scope all the same: it could make a key that is not. */
function requireAll({ id, ruleSets }: Caller): void {
  if (ruleSets === null) return;
  throw new Problem('forbidden', `\`${id}\` speaks for some rule sets only, and keys are for all`);
}

function keyIdOf({ params: { id = '' } }: Call): string {
  if (KEY_ID.test(id)) return id;
  // Not repeated: it may be a whole key.
  throw new Problem('invalid_id', 'this is no id of a key: those are like `pk_4f9a1kq0zt`, the beginning of the key', {
    field: '/id',
  });
}

function unknownKey(id: string): Problem {
  return new Problem('unknown_api_key', `there is no key \`${id}\``);
}
