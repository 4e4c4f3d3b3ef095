import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import type { GrantPerk, LimitPerk, QuotaPerk } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import { brokenBelow, entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';
import { linesOf } from './levels.ts';

/** Every tier has its value in every card, and nothing else has one. */
export function lintTiers(context: LintContext): void {
  const { file, report, tiers } = context;
  if (tiers.length === 0) {
    if (keys(file.perks).length > 0 && file.tiers === undefined && !isBroken(context, ['tiers'])) {
      const message = 'there are perks but no tiers: say under `tiers` who there is, low to high';
      report({ code: 'no_tiers', message, path: ['perks'], atKey: true });
    }
    return;
  }
  for (const [id, perk] of entries(file.perks)) {
    const path = ['perks', id];
    if (perk.kind === undefined) continue;
    if (perk.kind === 'table') {
      for (const [row, levels] of entries(perk.rows))
        checkTierMap(context, levels, [...path, 'rows', row], `row \`${row}\``);
    } else if ('tiers' in perk && typeof perk.tiers === 'object') {
      checkTierMap(context, perk.tiers, [...path, 'tiers'], `\`${id}\``);
    }
    if (perk.kind === 'limit') checkMeasures(context, id, perk);
    if (perk.kind === 'grant') checkPercentages(context, id, perk);
    if (perk.kind === 'grant' || perk.kind === 'quota') checkTermMonth(context, id, perk);
  }
}

function checkTierMap(context: LintContext, map: object, path: Path, owner: string): void {
  const { tiers, report } = context;
  const written = [...keys(map), ...brokenBelow(context, path)];
  // Of `plus = 3`, which was reported, the tier that was meant is not missing.
  const known = new Set(written.flatMap((key) => [key, /^\w*/.exec(key)?.[0] ?? '']));
  for (const key of written) {
    if (tiers.includes(key) || isBroken(context, ['tiers', key]) || isBroken(context, ['tiers'])) continue;
    // Wrong as a text already.
    if (!/^\w+$/.test(key) && isBroken(context, [...path, key])) continue;
    const meant = didYouMean(key, tiers);
    // The misspelt tier is the one that seems to be missing.
    if (meant !== undefined) known.add(meant);
    const message = `there is no tier \`${key}\`: the tiers are ${listed(tiers, 'and')}`;
    report({ code: 'unknown_tier', message, path: [...path, key], atKey: true, didYouMean: meant });
  }
  const missing = tiers.filter((tier) => !known.has(tier));
  if (missing.length === 0) return;
  const message = `${owner} has no value for ${listed(missing, 'and')}: every tier needs one`;
  report({ code: 'missing_tier', message, path, atKey: true });
}

function checkMeasures(context: LintContext, id: string, perk: Draft<LimitPerk>): void {
  const { report } = context;
  if (perk.of === undefined) return;
  const measures = typeof perk.of === 'string' ? undefined : keys(perk.of);
  for (const [tier, level] of entries(perk.tiers)) {
    if (typeof level !== 'object') continue;
    const path = ['perks', id, 'tiers', tier];
    if (measures === undefined) {
      const message = `\`${id}\` limits one value, \`${String(perk.of)}\`: write one number, or name the measures in \`of\``;
      report({ code: 'unknown_measure', message, path });
      continue;
    }
    for (const key of keys(level)) {
      if (measures.includes(key) || isBroken(context, ['perks', id, 'of', key])) continue;
      const message = `\`${id}\` has no measure \`${key}\`: there is ${listed(measures, 'and')}`;
      reportUnknown(context, 'unknown_measure', key, [...path, key], message, measures, true);
    }
    const missing = measures.filter((measure) => !has(level, measure) && !isBroken(context, [...path, measure]));
    const strangers = keys(level).filter((key) => !measures.includes(key)).length;
    if (missing.length > strangers) {
      const message = `\`${tier}\` has no limit for ${listed(missing, 'and')}: write a number or \`unlimited\``;
      report({ code: 'missing_measure', message, path, atKey: true });
    }
  }
}

function checkPercentages({ tiers, report }: LintContext, id: string, perk: Draft<GrantPerk>): void {
  const [first = ''] = tiers;
  const path = ['perks', id, 'tiers'];
  const base = has(perk.tiers, first) ? perk.tiers?.[first] : undefined;
  if (typeof base === 'string') {
    const message = `\`${first}\` is the first tier, and percentages are on top of its number: write a number`;
    report({ code: 'percent_on_first_tier', message, path: [...path, first] });
  }
  for (const { tier, path: at, amount } of linesOf(id, perk, tiers)[0]?.cells ?? []) {
    if (amount === null || amount <= Number.MAX_SAFE_INTEGER) continue;
    const message = `\`${tier}\` would get more than can be counted: at most ${Number.MAX_SAFE_INTEGER}`;
    report({ code: 'number_too_large', message, path: at });
  }
}

/** Months of a term only exist while one runs. */
function checkTermMonth({ tiers, report }: LintContext, id: string, perk: Draft<GrantPerk | QuotaPerk>): void {
  if (perk.per !== 'termMonth') return;
  const path = ['perks', id, 'per'];
  const first = linesOf(id, perk, tiers)[0]?.cells.find((cell) => cell.tier === tiers[0]);
  if (first !== undefined && first.amount !== 0) {
    const message = `\`termMonth\` needs a running term, and \`${first.tier}\` has none: write \`month\` or \`day\`, or 0 for \`${first.tier}\``;
    report({ code: 'no_term_month', message, path });
  } else if (perk.afterEnd === 'keeps') {
    const message =
      '`termMonth` needs a running term, and nobody has one after the end: `keeps` goes with `month` or `day`';
    report({ code: 'no_term_month', message, path });
  }
}
