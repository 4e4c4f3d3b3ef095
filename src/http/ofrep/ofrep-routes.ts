import { fromOfrepEvaluation } from '../../api/ofrep/from-ofrep-evaluation.ts';
import { toOfrepFlag } from '../../api/ofrep/to-ofrep-flag.ts';
import { toOfrepFlags } from '../../api/ofrep/to-ofrep-flags.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import { type FoundOutlook, findOutlook } from '../../use-cases/perks/find-outlook.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { permitMembership } from '../asking.ts';
import type { Deps } from '../deps.ts';
import { hashTag, isNotModified } from '../incoming/etag.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { empty, json, type Reply } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';
import { ofrepFailure } from './ofrep-failure.ts';

const PATH = '/ofrep/v1/evaluate/flags';

/** The OpenFeature Remote Evaluation Protocol 0.3: perks as flags. */
export function ofrepRoutes(deps: Deps): readonly Route[] {
  const route = (path: string, reply: (call: Call, found: FoundOutlook | undefined) => Reply): Route => ({
    method: 'POST',
    path,
    scope: 'decide',
    takes: [JSON_TYPE],
    refuse: ofrepFailure,
    answer: (call) => {
      const found = foundFor(deps, call);
      return found instanceof Promise ? found.then((each) => reply(call, each)) : reply(call, found);
    },
  });
  return [
    route(`${PATH}/:key`, (call, found) => oneFlag(deps, call, found)),
    route(PATH, (call, found) => allFlags(deps, call, found)),
  ];
}

/** Where the user stands whom the context names; refused where the caller may not ask about the rule set that says so. */
function foundFor(deps: Deps, { body, caller }: Call): MaybePromise<FoundOutlook | undefined> {
  const { book } = deps.rules;
  permitMembership(caller, book);
  return findOutlook(deps, book, { user: fromOfrepEvaluation(body) });
}

function oneFlag({ onFlag }: Deps, { params: { key = '' } }: Call, found: FoundOutlook | undefined): Reply {
  const cards = found?.outlook.version.cards;
  const card = cards?.get(key);
  if (found === undefined || card === undefined) throw unknownFlag(key, cards?.keys() ?? []);
  const flag = toOfrepFlag(found, card);
  onFlag?.(found.outlook.version.ref.id, flag);
  return json('value' in flag ? 200 : 500, flag);
}

function allFlags({ onFlag }: Deps, { headers }: Call, found: FoundOutlook | undefined): Reply {
  const all = toOfrepFlags(found);
  if (onFlag !== undefined && found !== undefined) {
    for (const flag of all.flags) onFlag(found.outlook.version.ref.id, flag);
  }
  const reply = json(200, all);
  // Of all that is told, not of the rules alone: whose membership has ended must not be told that nothing has changed.
  const ETag = hashTag(reply.body ?? '');
  return isNotModified(headers['if-none-match'], ETag) ? empty(304, { ETag }) : { ...reply, headers: { ETag } };
}

function unknownFlag(key: string, known: Iterable<string>): Problem {
  const meant = didYouMean(key, known);
  const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
  return new Problem('unknown_path', `there is no perk \`${key.slice(0, 256)}\`${hint}`);
}
