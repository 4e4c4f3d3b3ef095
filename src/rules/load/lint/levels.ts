import { shareOf } from '../../compile/percent.ts';
import type { Path } from '../finding.ts';
import { type DraftPerk, entries, has } from './context.ts';

/** What one tier gets. `null` is unlimited. */
export interface Cell {
  readonly tier: string;
  readonly path: Path;
  readonly amount: number | null;
}

/** Numbers that can be compared with one another: those of a card, or of one measure or row of it. Low tier to high. */
export interface Line {
  readonly cells: readonly Cell[];
}

/** Every number of a card that can be read, by measure or row. What is missing or broken is left out. */
export function linesOf(id: string, perk: DraftPerk, tiers: readonly string[]): readonly Line[] {
  const path = ['perks', id, 'tiers'];
  switch (perk.kind) {
    case 'switch': {
      const { tiers: words } = perk;
      if (words === undefined) return [];
      if (typeof words === 'string') return [line(tiers, path, (_, rank) => (rank === 0 ? 0 : 1), false)];
      return [line(tiers, path, (tier) => wordAmount(words[tier]))];
    }
    case 'limit': {
      const { tiers: levels, of } = perk;
      const measures = of === undefined || typeof of === 'string' ? [undefined] : Object.keys(of);
      return measures.map((measure) => {
        const { cells } = line(tiers, path, (tier) => limitAmount(own(levels, tier), measure));
        const isOwn = (tier: string) => measure !== undefined && typeof own(levels, tier) === 'object';
        return {
          cells: cells.map((cell) => (isOwn(cell.tier) ? { ...cell, path: [...cell.path, measure ?? ''] } : cell)),
        };
      });
    }
    case 'quota':
    case 'slots': {
      const { tiers: levels } = perk;
      return [line(tiers, path, (tier) => countAmount(own(levels, tier)))];
    }
    case 'grant': {
      const { tiers: levels } = perk;
      const base = own(levels, tiers[0] ?? '');
      return [line(tiers, path, (tier) => grantAmount(own(levels, tier), base))];
    }
    case 'table':
      return entries(perk.rows).map(([row, levels]) =>
        line(tiers, ['perks', id, 'rows', row], (tier) => countAmount(own(levels, tier))),
      );
    default:
      return [];
  }
}

function line(
  tiers: readonly string[],
  path: Path,
  amountOf: (tier: string, rank: number) => number | null | undefined,
  written = true,
): Line {
  const cells: Cell[] = [];
  for (const [rank, tier] of tiers.entries()) {
    const amount = amountOf(tier, rank);
    if (amount !== undefined) cells.push({ tier, path: written ? [...path, tier] : path, amount });
  }
  return { cells };
}

function own<Value>(map: Readonly<Record<string, Value | undefined>> | undefined, key: string): Value | undefined {
  return has(map, key) ? map?.[key] : undefined;
}

function wordAmount(word: string | undefined): number | undefined {
  return word === undefined ? undefined : Number(word === 'yes');
}

function countAmount(amount: number | 'unlimited' | undefined): number | null | undefined {
  return amount === 'unlimited' ? null : amount;
}

function limitAmount(level: unknown, measure: string | undefined): number | null | undefined {
  if (typeof level === 'number') return level;
  if (level === 'unlimited') return null;
  if (typeof level !== 'object' || level === null || measure === undefined || !Object.hasOwn(level, measure))
    return undefined;
  const inner = (level as Record<string, unknown>)[measure];
  return typeof inner === 'number' ? inner : inner === 'unlimited' ? null : undefined;
}

function grantAmount(amount: number | string | undefined, base: number | string | undefined): number | undefined {
  if (amount === undefined || typeof amount === 'number') return amount;
  return typeof base === 'number' && Number.isSafeInteger(base) ? shareOf(base, amount) : undefined;
}
