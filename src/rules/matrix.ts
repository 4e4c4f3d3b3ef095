import { numberText } from '../domain/number-text.ts';
import type { AfterEnd, KindName } from '../domain/perk.ts';
import type { Planned } from './kinds/kind.ts';
import type { Card, Tier, Version } from './rule-set.ts';

/** The table of a rule set: what every tier gets of every perk by the plan. */
export interface Matrix {
  readonly tiers: readonly Pick<Tier, 'id' | 'title'>[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly perk: string;
  readonly title: string;
  readonly kind: KindName;
  readonly afterEnd: AfterEnd;
  readonly source: readonly string[];
  /** By tier. Yes or no; a number, null for unlimited; or one of these by measure or row. */
  readonly planned: Readonly<Record<string, Planned>>;
  /** The same in words: `3 a month`. */
  readonly text: Readonly<Record<string, string>>;
}

export function matrixOf(version: Version): Matrix {
  const tiers = version.tiers.map((tier, rank) => ({ ...tier, rank })).filter((tier) => tier.known);
  return {
    tiers: tiers.map(({ id, title }) => ({ id, title })),
    rows: [...version.cards.values()].map((card) => ({
      perk: card.id,
      title: card.title,
      kind: card.kind.name,
      afterEnd: card.afterEnd,
      source: card.source,
      planned: Object.fromEntries(tiers.map(({ id, rank }) => [id, card.kind.planned(rank)])),
      text: Object.fromEntries(tiers.map(({ id, rank }) => [id, plannedText(card, card.kind.planned(rank))])),
    })),
  };
}

/** What a tier gets, as a help page would have it: `yes`, `3 a month`, `10,000 a day`, `1,280 × 1,280`, `5: 50,000; 10: 100,000`. */
export function plannedText({ kind }: Pick<Card, 'kind'>, planned: Planned): string {
  if (typeof planned === 'boolean') return planned ? 'yes' : 'no';
  if (planned === null) return 'unlimited';
  if (typeof planned === 'number')
    return planned === 0 ? 'no' : `${numberText(planned)}${kind.unit === '' ? '' : ` ${kind.unit}`}`;
  const parts = Object.entries(planned);
  if (parts.every(([, amount]) => amount === null)) return 'unlimited';
  if (parts.every(([, amount]) => amount === 0)) return 'no';
  const text = (amount: number | null) => (amount === null ? 'unlimited' : numberText(amount));
  return kind.name === 'limit'
    ? parts.map(([, amount]) => text(amount)).join(' × ')
    : parts.map(([key, amount]) => `${key}: ${text(amount)}`).join('; ');
}
