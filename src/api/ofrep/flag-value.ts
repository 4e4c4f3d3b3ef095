import type { Amounts, KindValues } from '../../domain/perk.ts';
import type { OfrepFlag, OfrepFlagMetadata } from '../../generated/ofrep/flag.ts';
import type { Card } from '../../rules/rule-set.ts';
import type { PerkView } from '../../use-cases/perks/perks-view.ts';

export type FlagValue = OfrepFlag['value'];

/** What a number without a limit is for clients that only know numbers: the largest that all of them write exactly. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** What the plan and extras give, whatever is used of it. */
export function flagValue({ values, rows }: PerkView): FlagValue {
  switch (values.kind) {
    case 'switch':
      return values.included;
    case 'limit':
    case 'quota':
    case 'slots':
      return numbersOf(values.limit);
    case 'grant':
      return values.amount;
    case 'table':
      return typeof rows === 'boolean' ? {} : numbersOf(rows ?? {});
  }
}

/** The value of a perk that gives nothing, in the form that it always has. */
export function emptyValue({ kind }: Card): FlagValue {
  switch (kind.name) {
    case 'switch':
      return false;
    case 'limit':
    case 'quota':
    case 'slots':
    case 'grant':
    case 'table': {
      const planned = kind.planned(0);
      return typeof planned === 'object' && planned !== null ? each(planned, () => 0) : 0;
    }
  }
}

/** What of the value stands for no limit: all of it, or some of its measures. */
export function unlimitedIn(values: KindValues): Pick<OfrepFlagMetadata, 'unlimited' | 'unlimitedMeasures'> {
  if (!('limit' in values)) return {};
  const { limit } = values;
  if (typeof limit === 'number') return {};
  const measures = Object.entries(limit ?? {});
  const endless = measures.filter(([, amount]) => amount === null).map(([measure]) => measure);
  if (endless.length === measures.length) return { unlimited: true };
  return endless.length === 0 ? {} : { unlimitedMeasures: endless.join(', ') };
}

function numbersOf(amounts: Amounts): FlagValue {
  return typeof amounts === 'object' && amounts !== null ? each(amounts, numberOf) : numberOf(amounts);
}

function numberOf(amount: number | null): number {
  return amount ?? UNLIMITED;
}

function each(
  amounts: Readonly<Record<string, number | null>>,
  change: (amount: number | null) => number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, change(amount)]));
}
