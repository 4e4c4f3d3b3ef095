import type { Perk } from '../../../generated/rule-file.ts';
import { compareAmounts } from '../../kinds/compare.ts';
import { entries, type LintContext } from './context.ts';
import { type Line, linesOf } from './levels.ts';

type PerkWarning = NonNullable<Perk['accepts']>[number];

/** Two things that are seldom meant: a higher tier that gets less, and a former member who gets less than a stranger. */
export function lintFairness(context: LintContext): void {
  const { file, tiers, report } = context;
  for (const [id, perk] of entries(file.perks)) {
    const accepted = new Set(perk.accepts);
    const found = new Set<PerkWarning>();
    const lines = linesOf(id, perk, tiers);
    for (const line of lines) {
      for (const message of descents(line, perk.kind === 'switch')) {
        found.add('not_monotonic');
        if (!accepted.has('not_monotonic')) report({ code: 'not_monotonic', ...message });
      }
    }
    const [first] = tiers;
    const strangersHaveIt = lines.some((line) => line.cells.some((cell) => cell.tier === first && cell.amount !== 0));
    if (strangersHaveIt && (perk.afterEnd === 'loses' || perk.afterEnd === 'frozen')) {
      found.add('worse_than_stranger');
      if (!accepted.has('worse_than_stranger')) {
        const message = `\`${perk.afterEnd}\` takes from a former member what \`${first}\` has: write \`freeLevel\`, or accept it with \`accepts: [worse_than_stranger]\``;
        report({ code: 'worse_than_stranger', message, path: ['perks', id, 'afterEnd'] });
      }
    }
    for (const [index, warning] of (perk.accepts ?? []).entries()) {
      if (warning === undefined || found.has(warning)) continue;
      const message = `there is no warning \`${warning}\` here to accept: leave it out`;
      report({ code: 'nothing_to_accept', message, path: ['perks', id, 'accepts', index] });
    }
  }
}

function descents(
  { cells }: Line,
  isSwitch: boolean,
): readonly { readonly message: string; readonly path: Line['cells'][number]['path'] }[] {
  // What is too much to be counted is reported elsewhere.
  const counted = cells.filter(({ amount }) => amount === null || amount <= Number.MAX_SAFE_INTEGER);
  return counted.flatMap((cell, index) => {
    const below = counted[index - 1];
    if (below === undefined || compareAmounts(cell.amount, below.amount) >= 0) return [];
    const message = `\`${cell.tier}\` gets ${shown(cell.amount, isSwitch)}, less than \`${below.tier}\` with ${shown(below.amount, isSwitch)}: if that is meant, accept it with \`accepts: [not_monotonic]\``;
    return [{ message, path: cell.path }];
  });
}

function shown(amount: number | null, isSwitch: boolean): string {
  if (isSwitch) return amount === 0 ? '`no`' : '`yes`';
  return amount === null ? 'no limit' : String(amount);
}
