import type { Direction } from '../impact.ts';

/** One side of one thing that differs. */
export interface Shown {
  readonly what: Direction;
  /** The perk it is counted under; absent for a check of `rules:`. */
  readonly perk?: string;
  readonly action?: string;
  readonly asked?: Readonly<Record<string, unknown>>;
  readonly from: unknown;
  readonly to: unknown;
}

/** What one perk or action does to one member: at most one of each direction for each perk that has a say. */
export interface Difference {
  readonly shown: readonly Shown[];
  /** Where the candidate leaves a member with more than its limit. */
  readonly over?: { readonly perk: string; readonly used: number; readonly limit: number };
}

export const NO_DIFFERENCE: Difference = { shown: [] };
