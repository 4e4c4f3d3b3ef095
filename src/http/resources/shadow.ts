import { toApiShadow } from '../../api/to-api-shadow.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { candidateIn } from '../../use-cases/impact/candidate-text.ts';
import type { Deps } from '../deps.ts';
import { YAML_TYPE } from '../incoming/media-type.ts';
import { shareIn, textOf } from '../incoming/rule-set-request.ts';
import { empty, json } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';

const PATH = '/v1/rule-sets/:id/shadow';

/** A candidate that judges live questions beside the versions in force, and what it has said so far. */
export function shadowRoutes({ rules, shadows }: Deps): readonly Route[] {
  if (shadows === undefined) return [];
  const named = ({ params: { id = '' } }: Call) => ruleSetNamed(rules.book, id);
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
        return json(200, toApiShadow(shadows.put(ruleSet, candidate, sample === undefined ? {} : { sample })));
      },
    },
    {
      method: 'GET',
      path: PATH,
      scope: 'rules:read',
      answer: (call) => json(200, toApiShadow(shadows.report(named(call).id))),
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
