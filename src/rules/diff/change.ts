/** One difference of meaning between two versions of a rule set. */
export interface Change {
  readonly perk?: string;
  readonly action?: string;
  readonly tier?: string;
  /** What has changed: `amount`, `afterEnd`, `says.quota_used_up`, `added` … */
  readonly what: string;
  /** The old value; null where there was none. */
  readonly from: unknown;
  /** The new value; null where there is none any more. */
  readonly to: unknown;
  /** The same for a reader: `Free LoRA training, Starter: 3 → 4 a month`. */
  readonly sentence: string;
}
