/** Whether a change gives members more or less, or neither: then it cannot be said, or is no matter of more and less. */
export type Verdict = 'better' | 'worse' | 'neither';

/** One difference of meaning between two versions of a rule set. */
export interface Change {
  readonly perk?: string;
  readonly action?: string;
  readonly tier?: string;
  /** What has changed: `amount`, `afterEnd`, `says.quota_used_up`, `added` … */
  readonly what: string;
  /** The old value, in the words of rule files (`unlimited`); null where there was none. */
  readonly from: unknown;
  /** The new value; null where there is none any more. */
  readonly to: unknown;
  readonly verdict: Verdict;
  /** The same for a reader: `Free LoRA training, Starter: 3 → 4 a month`. */
  readonly sentence: string;
}
