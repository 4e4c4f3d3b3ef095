import type { KindName } from '../../domain/perk.ts';

/** What every text may name. `title`: what the perk, or for a check of `rules:` the action, is called. */
export const COMMON_PLACEHOLDERS = ['tier', 'endsAt', 'endedAt', 'title'] as const;

/**
 * The values of a perk that its texts may name. Of several measures, `asked` and `limit` name all: `1536 × 1024`. Of what is counted, `asked` is
 * the amount of the question.
 */
export const KIND_PLACEHOLDERS = {
  switch: [],
  limit: ['asked', 'limit'],
  quota: ['asked', 'limit', 'used', 'remaining', 'overage', 'resetsAt'],
  slots: ['asked', 'limit', 'used', 'remaining', 'overage'],
  grant: ['amount', 'resetsAt'],
  table: ['key', 'amount'],
} as const satisfies Readonly<Record<KindName, readonly string[]>>;

export type Placeholder =
  | (typeof COMMON_PLACEHOLDERS)[number]
  | (typeof KIND_PLACEHOLDERS)[keyof typeof KIND_PLACEHOLDERS][number];

/** What a perk's text for a code may name. Both the lint and whoever fills in the texts go by this. */
export function placeholdersFor(kind: KindName, code: string): readonly Placeholder[] {
  switch (code) {
    case 'unknown_user':
    case 'facts_unavailable':
      // Nothing is known of who asks.
      return ['title'];
    case 'value_not_listed':
      return ['key', ...COMMON_PLACEHOLDERS];
    default:
      return [...KIND_PLACEHOLDERS[kind], ...COMMON_PLACEHOLDERS];
  }
}

/** `{limit}`: a placeholder in a text. */
export const PLACEHOLDER = /\{(\w*)\}/g;
