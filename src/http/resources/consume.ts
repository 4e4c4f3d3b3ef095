import { fromApiConsume } from '../../api/decisions/from-api-question.ts';
import { toApiBriefConsumption, toApiConsumption, toApiRelease } from '../../api/members/to-api-consumption.ts';
import { Problem } from '../../domain/problem.ts';
import { ownBook } from '../../rules/own-book.ts';
import { consume } from '../../use-cases/consumes/consume.ts';
import { release } from '../../use-cases/consumes/release.ts';
import { permit } from '../asking.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { onlyField } from '../incoming/only-field.ts';
import { newDecisionId } from '../outgoing/decision-id.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';
import { preconditionIn, userOf } from './members.ts';

export function consumeRoutes(deps: Deps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/members/:id/consume',
      scope: 'consume',
      takes: [JSON_TYPE],
      answer: (call) => consumeOnce(deps, call),
    },
    {
      method: 'POST',
      path: '/v1/members/:id/release',
      scope: 'consume',
      takes: [JSON_TYPE],
      answer: async (call) => {
        const attempted = { user: userOf(call), key: fromApiRelease(call.body), by: call.caller };
        const released = await release(deps, attempted, preconditionIn(call));
        return json(200, toApiRelease(released));
      },
    },
  ];
}

async function consumeOnce(deps: Deps, call: Call): Promise<Reply> {
  const { book } = deps.rules;
  const { caller } = call;
  const wanted = fromApiConsume(call.body, userOf(call), ownBook(caller, book), deps.clock.now());
  if (wanted.sent.at !== undefined && deps.testClock === undefined) {
    throw new Problem('invalid_field', '`at` is only possible while a test clock runs: what is used is used now', {
      field: '/at',
    });
  }
  if (!(wanted.asked instanceof Problem)) permit(caller, wanted.asked);
  const id = newDecisionId();
  // By the whole book: what is kept of the member's usage is not only the caller's business.
  const consumed = await consume(deps, book, wanted, { key: wanted.key, id, by: caller }, preconditionIn(call));
  const { asked, consumption } = consumed;
  call.trace?.decided(id, asked, consumption.decision);
  deps.onConsumed?.(consumed, { id, caller: caller.id, requestId: call.requestId });
  return json(200, asked.detail === 'brief' ? toApiBriefConsumption(consumed) : toApiConsumption(consumed));
}

const KEY = 'idempotencyKey';
const LONGEST_KEY = 128;

function fromApiRelease(body: unknown): string {
  const key = onlyField(body, KEY, `{"${KEY}": "job-81"}`);
  // Counted as JSON Schema counts them where the key was consumed with: a character may be two units.
  if (typeof key === 'string' && key !== '' && [...key].length <= LONGEST_KEY) return key;
  throw new Problem('invalid_field', `\`${KEY}\` must be a text of 1 to ${LONGEST_KEY} characters`, {
    field: `/${KEY}`,
  });
}
