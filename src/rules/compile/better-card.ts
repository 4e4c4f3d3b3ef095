import { AFTER_END, type AfterEnd } from '../../domain/perk.ts';
import { compareAmounts } from '../kinds/compare.ts';
import type { Planned } from '../kinds/kind.ts';
import type { Card } from '../rule-set.ts';

/**
 * The better of two cards of one perk, number by number (`neverWorse`): the better word for after the end, the higher limit per tier and
 * measure, the better cell of a table; a row that only one has is better than none. Cards that count something else, or by
 * another period, cannot be compared: then the whole of `current` stays.
 */
export function betterCard(current: Card, next: Card): Card {
  if (current.kind.counts !== next.kind.counts) return current;
  const ranks = Math.max(current.kind.ranks, next.kind.ranks);
  const levels = Array.from({ length: ranks }, (_, rank) =>
    betterPlanned(current.kind.planned(rank), next.kind.planned(rank)),
  );
  const afterEnd = betterAfterEnd(current.afterEnd, next.afterEnd);
  return {
    ...next,
    afterEnd,
    kind: next.kind.withLevels(levels, afterEnd),
    versions: [...new Set([...current.versions, ...next.versions])],
  };
}

export function betterAfterEnd(a: AfterEnd, b: AfterEnd): AfterEnd {
  return AFTER_END.indexOf(a) <= AFTER_END.indexOf(b) ? a : b;
}

function betterPlanned(a: Planned, b: Planned): Planned {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const keys = [...new Set([...Object.keys(b), ...Object.keys(a)])];
    return Object.fromEntries(
      keys.map((key) => {
        const left = Object.hasOwn(a, key) ? (a[key] ?? null) : 0;
        const right = Object.hasOwn(b, key) ? (b[key] ?? null) : 0;
        return [key, compareAmounts(left, right) >= 0 ? left : right];
      }),
    );
  }
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === true || b === true;
  const amounts = [a, b] as readonly (number | null)[];
  return amounts.reduce((best, each) => (compareAmounts(each, best) > 0 ? each : best));
}
