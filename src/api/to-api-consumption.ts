import type { Consumed } from '../use-cases/consume.ts';
import type { Release } from '../use-cases/release.ts';
import { type ApiDecision, toApiDecision, toApiValues } from './to-api-decision.ts';

/** A decision with what it recorded. Its `values` are from before, `after` from afterwards. */
export interface ApiConsumption extends ApiDecision {
  readonly consumed: number;
  readonly after: Readonly<Record<string, unknown>>;
  readonly revision: number;
  /** Only on the answer to a key that was used before. */
  readonly replayed?: true;
}

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

export interface ApiRelease {
  readonly user: string;
  readonly idempotencyKey: string;
  readonly released: number;
  readonly alreadyReleased: boolean;
  readonly revision: number;
}

export function toApiRelease({ user, key, released, alreadyReleased, revision }: Release): ApiRelease {
  return { user, idempotencyKey: key, released, alreadyReleased, revision };
}
