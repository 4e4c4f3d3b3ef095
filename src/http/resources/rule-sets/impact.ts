import { toApiImpact, withoutUsers } from '../../../api/rule-sets/to-api-impact.ts';
import { type Caller, mayDo } from '../../../domain/caller.ts';
import { Problem } from '../../../domain/problem.ts';
import type { ApiImpact } from '../../../generated/answers/candidates/impact.ts';
import { ownBook } from '../../../rules/own-book.ts';
import { ruleSetNamed } from '../../../use-cases/decisions/rule-set-named.ts';
import { candidateIn } from '../../../use-cases/impact/candidate-text.ts';
import type { Impact } from '../../../use-cases/impact/impact.ts';
import type { ImpactWatch, MeasureImpact } from '../../../use-cases/impact/ports.ts';
import { type ImpactQuestion, questionAt } from '../../../use-cases/impact/question-at.ts';
import { type Succession, succeeding, successionOf } from '../../../use-cases/impact/succession.ts';
import type { Deps } from '../../deps.ts';
import { EVENTS_TYPE, JSON_TYPE, YAML_TYPE } from '../../incoming/media-type.ts';
import { instantParameter, integerParameter } from '../../incoming/query.ts';
import { textOf } from '../../incoming/rule-set-request.ts';
import { json, type Reply } from '../../outgoing/reply.ts';
import type { Call, Route } from '../../route.ts';

const PROGRESS_EVERY_MS = 250;

/** What publishing a version would do to the members in the store. Nobody is written to. */
export function impactRoutes({ rules, clock, measureImpact }: Deps): readonly Route[] {
  if (measureImpact === undefined) return [];
  return [
    {
      method: 'POST',
      path: '/v1/rule-sets/:id/impact',
      scope: 'rules:write',
      query: ['version', 'at'],
      takes: [YAML_TYPE],
      reads: 'bytes',
      bodyOptional: true,
      watchesCaller: true,
      produces: [JSON_TYPE, EVENTS_TYPE],
      answer: (call) => {
        const succession = successionIn(call, rules);
        const now = clock.now();
        const at = instantParameter(call.query, 'at') ?? Math.max(succession.candidate.from, now);
        return answered(measureImpact, questionAt(succession, at, now), call);
      },
    },
  ];
}

async function answered(measure: MeasureImpact, question: ImpactQuestion, call: Call): Promise<Reply> {
  const watch: ImpactWatch = { signal: call.gone };
  const headers = { Vary: 'Accept' };
  if (call.accepted !== EVENTS_TYPE) return json(200, shownTo(call.caller, await measure(question, watch)), headers);
  // What is refused is still a status: only what begins is a stream.
  let send: ((name: string, data: unknown) => void) | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const measured = measure(question, {
    ...watch,
    onProgress: (progress) => {
      if (send === undefined || performance.now() - last < PROGRESS_EVERY_MS) return;
      last = performance.now();
      send('progress', progress);
    },
  });
  await Promise.race([measured, begun()]);
  return {
    status: 200,
    headers,
    events: async (write) => {
      send = write;
      write('result', shownTo(call.caller, await measured));
    },
  };
}

/** Who measures need not know whom: ids are for those who may read members. */
function shownTo(caller: Caller, impact: Impact): ApiImpact {
  const whole = toApiImpact(impact);
  return mayDo(caller, 'members:read') ? whole : withoutUsers(whole);
}

/** Long enough for a refusal, which comes at once. */
function begun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function successionIn(call: Call, { book }: Deps['rules']): Succession {
  const ruleSet = ruleSetNamed(ownBook(call.caller, book), call.params.id ?? '');
  const number = integerParameter(call.query, 'version', 1, Number.MAX_SAFE_INTEGER);
  const yaml = call.body === undefined ? '' : textOf(call.body);
  if (yaml !== '' && number !== undefined) {
    throw new Problem('invalid_field', 'a body is one candidate, and `version` another: send only one of them', {
      field: '/version',
    });
  }
  if (yaml !== '') {
    const succession = succeeding(ruleSet, candidateIn(ruleSet, yaml));
    if (succession !== undefined) return succession;
  }
  if (number === undefined) {
    throw new Problem('missing_field', 'there is no candidate: send a rule file as the body, or name a `version`', {
      field: '/version',
    });
  }
  if (!ruleSet.versions.some(({ ref }) => ref.version === number)) {
    const known = ruleSet.versions.map(({ ref }) => ref.version).join(', ');
    throw new Problem('unknown_version', `rule set \`${ruleSet.id}\` has no version \`${number}\`; it has ${known}`, {
      field: '/version',
    });
  }
  const succession = successionOf(ruleSet, number);
  if (succession !== undefined) return succession;
  throw new Problem('invalid_field', `version ${number} is the first: there is nothing to compare it with`, {
    field: '/version',
  });
}
