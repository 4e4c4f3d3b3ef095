import { formatInstant } from '../../domain/instant.ts';
import type { ApiImpact } from '../../generated/answers/candidates/impact.ts';
import { type Example, type Impact, lossShare } from '../../use-cases/impact/impact.ts';
import { warningOf } from '../../use-cases/impact/warning.ts';

/** An impact as JSON. */
export function toApiImpact({
  candidate,
  at,
  startsAt,
  examples,
  overLimit,
  recounted,
  later,
  today,
  partial,
  ...counts
}: Impact): ApiImpact {
  const warning = warningOf({ at, today, ...counts });
  return {
    ruleSet: { ...candidate },
    at: formatInstant(at),
    startsAt: formatInstant(startsAt),
    ...counts,
    lossShare: lossShare(counts),
    examples: examples.map(toApiExample),
    overLimit,
    recounted,
    ...(later === undefined ? {} : { later: { ...later, lossShare: lossShare(later) } }),
    ...(today === undefined ? {} : { today: { ...today, at: formatInstant(today.at), lossShare: lossShare(today) } }),
    ...(warning === undefined ? {} : { warning }),
    partial,
  };
}

/** The same for who may not read members. */
export function withoutUsers({ examples, overLimit, ...impact }: ApiImpact): ApiImpact {
  return {
    ...impact,
    examples: examples.map((each) => ({ ...each, user: null })),
    overLimit: { ...overLimit, examples: overLimit.examples.map((each) => ({ ...each, user: null })) },
  };
}

/** In the words of rule files: no limit is `unlimited`. */
function toApiExample({ from, to, ...example }: Example): Example {
  return { ...example, from: toApiAmount(from), to: toApiAmount(to) };
}

function toApiAmount(amount: unknown): unknown {
  if (amount === null) return 'unlimited';
  if (typeof amount !== 'object') return amount;
  return Object.fromEntries(Object.entries(amount).map(([key, each]) => [key, each === null ? 'unlimited' : each]));
}
