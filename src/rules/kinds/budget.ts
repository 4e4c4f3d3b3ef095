import type { Requirement } from './kind.ts';

/** What quota and slots have in common: so many, so many used, so many left. */
export interface Budget {
  readonly limit: number | null;
  readonly used: number;
  readonly remaining: number | null;
  /** Used beyond a limit that has become smaller. What is there stays. */
  readonly overage: number;
  /** The limit as gates compare it: unlimited is `Infinity`. */
  readonly bound: number;
}

/** The amount of a rank; null is unlimited. A rank that this version does not know yet has nothing by it. */
export function amountAt(levels: readonly (number | null)[], rank: number): number | null {
  const amount = levels[rank];
  return amount === undefined ? 0 : amount;
}

export function budget(planned: number | null, extra: number, used: number): Budget {
  if (planned === null) return { limit: null, used, remaining: null, overage: 0, bound: Number.POSITIVE_INFINITY };
  const limit = planned + extra;
  return { limit, used, remaining: Math.max(0, limit - used), overage: Math.max(0, used - limit), bound: limit };
}

/** `wanted`, what would be used afterwards, must stay within the limit. */
export function withinBudget(perk: string, code: 'quota_used_up' | 'slots_full'): Requirement {
  return {
    code,
    condition: {
      all: [
        {
          fact: 'perk',
          path: `$.${perk}.wanted`,
          operator: 'lessThanInclusive',
          value: { fact: 'perk', path: `$.${perk}.limit` },
        },
      ],
    },
  };
}
