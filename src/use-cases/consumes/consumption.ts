import type { Decision } from '../../domain/decision.ts';
import type { PerkValues } from '../../domain/perk.ts';

/** What a consume answers: the decision (its values from before the effect) and what it did. */
export interface Consumption {
  /** The id of the decision, made by the caller at the edge; a replay has the first one's. */
  readonly id: string;
  readonly at: number;
  readonly decision: Decision;
  /** How much was recorded; 0 on a denial, or where there is nothing to record. */
  readonly consumed: number;
  /** The values after the effect; on a denial the same as before. */
  readonly after: Readonly<Record<string, PerkValues>>;
  /** The member's revision afterwards; 0 for a user nobody has written about. */
  readonly revision: number;
  readonly replayed: boolean;
}
