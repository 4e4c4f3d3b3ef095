import type { Instant } from './instant.ts';

export const VERBS = ['add', 'use', 'show', 'remove'] as const;
/** What an action does with a perk: get more of it, use it, show what one has, or take something away. */
export type Verb = (typeof VERBS)[number];

export const AFTER_END = ['keeps', 'frozen', 'freeLevel', 'loses'] as const;
/** What becomes of a perk when the membership ends, best first. */
export type AfterEnd = (typeof AFTER_END)[number];

export const KINDS = ['switch', 'limit', 'quota', 'slots', 'grant', 'table'] as const;
export type KindName = (typeof KINDS)[number];

/** A number, or one number per measure (`width`, `height`). `null`: unlimited. */
export type Amounts = number | null | Readonly<Record<string, number | null>>;

/** What an answer says of one perk. Instants are epoch milliseconds here; the edge writes them as text. */
export type PerkValues = KindValues & {
  /** What the card echoes beside the numbers: the caller's own words, such as `freeTrial` of a model. */
  readonly echoes?: Readonly<Record<string, unknown>>;
};

export type KindValues =
  | { readonly kind: 'switch'; readonly included: boolean }
  | { readonly kind: 'limit'; readonly asked: Amounts; readonly limit: Amounts }
  | {
      readonly kind: 'quota';
      readonly limit: number | null;
      readonly used: number;
      readonly remaining: number | null;
      /** By how much more is used than the limit now allows; 0 is left out of answers. */
      readonly overage: number;
      /** The end of the period, even if the term ends earlier; null without a period. */
      readonly resetsAt: Instant | null;
    }
  | {
      readonly kind: 'slots';
      readonly limit: number | null;
      readonly used: number;
      readonly remaining: number | null;
      readonly overage: number;
    }
  | { readonly kind: 'grant'; readonly amount: number; readonly claimed: boolean; readonly resetsAt: Instant | null }
  | { readonly kind: 'table'; readonly key: string | number; readonly amount: number | null };
