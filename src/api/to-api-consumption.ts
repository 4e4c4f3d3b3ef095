import type { Consumed } from '../use-cases/consumes/consume.ts';
import type { Release } from '../use-cases/consumes/release.ts';
import {
  type ApiBriefDecision,
  type ApiDecision,
  toApiBriefDecision,
  toApiDecision,
  toApiValues,
} from './to-api-decision.ts';

/** A decision with what it recorded. Its `values` are from before, `after` from afterwards. */
export interface ApiConsumption extends ApiDecision {
  readonly consumed: number;
  readonly after: Readonly<Record<string, unknown>>;
  readonly revision: number;
  /** Only on the answer to a key that was used before. */
  readonly replayed?: true;
}

/** `detail: brief`. */
export interface ApiBriefConsumption extends ApiBriefDecision {
  readonly consumed: number;
  readonly revision: number;
  readonly replayed?: true;
}

export function toApiBriefConsumption({ consumption }: Consumed): ApiBriefConsumption {
  const { decision, consumed, revision, replayed } = consumption;
  return { ...toApiBriefDecision({ decision }), consumed, revision, ...(replayed && { replayed }) };
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
