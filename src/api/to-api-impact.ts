import { formatInstant } from '../domain/instant.ts';
import { type Counts, type Example, type Impact, lossShare } from '../use-cases/impact/impact.ts';

/** An impact as JSON. */
export interface ApiImpact extends Counts {
  readonly ruleSet: { readonly id: string; readonly version: number; readonly digest: string };
  readonly at: string;
  /** The share of members who lose something, also of those who gain something else. */
  readonly lossShare: number;
  readonly examples: Impact['examples'];
  readonly overLimit: Impact['overLimit'];
  readonly recounted: readonly string[];
  readonly later?: Counts & { readonly lossShare: number };
  readonly partial: boolean;
}

export function toApiImpact({
  candidate,
  at,
  examples,
  overLimit,
  recounted,
  later,
  partial,
  ...counts
}: Impact): ApiImpact {
  return {
    ruleSet: { ...candidate },
    at: formatInstant(at),
    ...counts,
    lossShare: lossShare(counts),
    examples: examples.map(toApiExample),
    overLimit,
    recounted,
    ...(later === undefined ? {} : { later: { ...later, lossShare: lossShare(later) } }),
    partial,
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
