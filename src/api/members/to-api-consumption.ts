import type { ApiBriefConsumption } from '../../generated/answers/consuming/brief-consumption.ts';
import type { ApiConsumption } from '../../generated/answers/consuming/consumption.ts';
import type { ApiRelease } from '../../generated/answers/consuming/release.ts';
import type { Consumed } from '../../use-cases/consumes/consume.ts';
import type { Release } from '../../use-cases/consumes/release.ts';
import { toApiBriefDecision, toApiDecision, toApiValues } from '../decisions/to-api-decision.ts';

export function toApiBriefConsumption({ consumption }: Consumed): ApiBriefConsumption {
  const { decision, consumed, revision, replayed } = consumption;
  return { ...toApiBriefDecision({ decision }), consumed, revision, ...(replayed && { replayed }) };
}

/** A decision with what it recorded. Its `values` are from before, `after` from afterwards. */
export function toApiConsumption({ consumption, asked, ruleSet }: Consumed): ApiConsumption {
  const { id, at, decision, consumed, after, revision, replayed } = consumption;
  return {
    ...toApiDecision({ decision, asked, at, ruleSet }, id),
    consumed,
    after: toApiValues(after),
    revision,
    ...(replayed && { replayed }),
  };
}

export function toApiRelease({ user, key, released, alreadyReleased, revision }: Release): ApiRelease {
  return { user, idempotencyKey: key, released, alreadyReleased, revision };
}
