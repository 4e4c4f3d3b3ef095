import { isDeepStrictEqual } from 'node:util';
import type { RuleFile } from '../../generated/rule-file.ts';
import type { Change } from './change.ts';
import { changed, keysOf, orders } from './words.ts';

/** Tiers that came, went, were renamed or retired, and their order. */
export function diffTiers(old: RuleFile, now: RuleFile): readonly Change[] {
  const [before, after] = [old.tiers ?? {}, now.tiers ?? {}];
  return [
    ...keysOf(before, after).flatMap((tier): readonly Change[] => {
      const [from, to] = [before[tier], after[tier]];
      if (from === undefined) {
        const sentence = () => `${to?.title ?? tier}: new tier${placeOf(tier, after)}`;
        return changed({ tier }, 'added', from, to, sentence);
      }
      if (to === undefined) return changed({ tier }, 'removed', from, to, () => `${from.title}: no tier any more`);
      const retired = to.retired === true ? 'can no longer be subscribed to' : 'can be subscribed to again';
      return [
        ...changed({ tier }, 'title', from.title, to.title, () => `${from.title}: is now called ${to.title}`),
        ...changed({ tier }, 'retired', from.retired === true, to.retired === true, () => `${to.title}: ${retired}`),
      ];
    }),
    ...order(Object.keys(before), Object.keys(after)),
  ];
}

/** Between which tiers a new one stands. */
function placeOf(tier: string, tiers: Readonly<Record<string, { readonly title: string }>>): string {
  const ids = Object.keys(tiers);
  const rank = ids.indexOf(tier);
  const title = (index: number) => tiers[ids[index] ?? '']?.title;
  const [lower, higher] = [title(rank - 1), title(rank + 1)];
  if (lower === undefined) return ', below all others';
  return higher === undefined ? `, above ${lower}` : `, between ${lower} and ${higher}`;
}

function order(old: readonly string[], now: readonly string[]): readonly Change[] {
  const [from, to] = orders(old, now);
  if (isDeepStrictEqual(from, to)) return [];
  const sentence = `the tiers have another order, low to high: ${from.join(', ')} → ${to.join(', ')}`;
  return [{ what: 'order of tiers', from, to, verdict: 'neither', sentence }];
}
