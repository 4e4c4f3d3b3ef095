import { toApiShadow, withoutUsers } from '../../../api/rule-sets/to-api-shadow.ts';
import { mayDo } from '../../../domain/caller.ts';
import { ownBook } from '../../../rules/own-book.ts';
import { ruleSetNamed } from '../../../use-cases/decisions/rule-set-named.ts';
import { candidateIn } from '../../../use-cases/impact/candidate-text.ts';
import type { ShadowReport } from '../../../use-cases/shadow/shadow.ts';
import type { Deps } from '../../deps.ts';
import { YAML_TYPE } from '../../incoming/media-type.ts';
import { shareIn, textOf } from '../../incoming/rule-set-request.ts';
import { empty, json, type Reply } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';

const PATH = '/v1/rule-sets/:id/shadow';

/** A candidate that judges live questions beside the versions in force, and what it has said so far. */
export function shadowRoutes({ rules, shadows }: Deps): readonly Route[] {
  if (shadows === undefined) return [];
  const named = ({ caller, params: { id = '' } }: Call) => ruleSetNamed(ownBook(caller, rules.book), id);
  return [
    {
      method: 'PUT',
      path: PATH,
      scope: 'rules:write',
      query: ['sample'],
      takes: [YAML_TYPE],
      reads: 'bytes',
      answer: (call) => {
        const ruleSet = named(call);
        const sample = shareIn(call.query, 'sample');
        const candidate = candidateIn(ruleSet, textOf(call.body));
        return shown(call, shadows.put(ruleSet, candidate, sample === undefined ? {} : { sample }));
      },
    },
    {
      method: 'GET',
      path: PATH,
      scope: 'rules:read',
      answer: (call) => shown(call, shadows.report(named(call).id)),
    },
    {
      method: 'DELETE',
      path: PATH,
      scope: 'rules:write',
      answer: (call) => {
        shadows.remove(named(call).id);
        return empty(204);
      },
    },
  ];
}

/** Who compares need not know who asked: that is for those who may read members. */
function shown({ caller }: Call, report: ShadowReport): Reply {
  const whole = toApiShadow(report);
  return json(200, mayDo(caller, 'members:read') ? whole : withoutUsers(whole));
}
