import type { GrantPerk, LimitPerk, Perk, RuleFile, TablePerk } from '../../generated/rule-file.ts';
import type { Calendar } from '../calendar.ts';
import { grantKind } from '../kinds/grant.ts';
import type { Kind, KindContext } from '../kinds/kind.ts';
import { limitKind, type Measures } from '../kinds/limit.ts';
import { quotaKind } from '../kinds/quota.ts';
import { slotsKind } from '../kinds/slots.ts';
import { switchKind } from '../kinds/switch.ts';
import { tableKind } from '../kinds/table.ts';
import type { Card } from '../rule-set.ts';
import { type Frame, readPath } from './frame.ts';
import { shareOf } from './percent.ts';

/** A card of the file with its numbers by rank. `tiers`: the ids, low to high. */
export function compileCard(
  id: string,
  perk: Perk,
  tiers: readonly string[],
  calendar: Calendar,
  { version, effective }: Pick<RuleFile, 'version' | 'effective'>,
): Card {
  return {
    id,
    title: perk.title,
    source: perk.source ?? [],
    afterEnd: perk.afterEnd,
    existingMembers: perk.existingMembers ?? effective.existingMembers ?? 'now',
    versions: [version],
    whenFactsUnavailable: perk.whenFactsUnavailable ?? 'deny',
    says: perk.says ?? {},
    kind: compileKind({ perk: id, afterEnd: perk.afterEnd }, perk, tiers, calendar),
    actions: Object.entries(perk.actions).map(([action, use]) => ({
      action,
      verb: typeof use === 'string' ? use : use.does,
    })),
    echo: echoOf(perk),
    echoed: 'echoes' in perk ? Object.values(perk.echoes ?? {}).map(claimAt) : [],
  };
}

function compileKind(context: KindContext, perk: Perk, tiers: readonly string[], calendar: Calendar): Kind {
  switch (perk.kind) {
    case 'switch': {
      const { tiers: included } = perk;
      return switchKind(
        context,
        tiers.map((tier, rank) => (included === 'members' ? rank > 0 : included[tier] === 'yes')),
      );
    }
    case 'limit':
      return compileLimit(context, perk, tiers);
    case 'quota':
      return quotaKind(
        context,
        perk.per,
        calendar,
        tiers.map((tier) => amountOf(perk.tiers[tier])),
      );
    case 'slots':
      return slotsKind(
        context,
        perk.holds,
        tiers.map((tier) => amountOf(perk.tiers[tier])),
      );
    case 'grant':
      return grantKind(context, perk.per, calendar, grantLevels(perk, tiers));
    case 'table':
      return compileTable(context, perk, tiers);
  }
}

function compileLimit(context: KindContext, perk: LimitPerk, tiers: readonly string[]): Kind {
  const paths = typeof perk.of === 'string' ? { '': perk.of } : perk.of;
  const measures: Measures = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, claimAt(path)]));
  const levels = tiers.map((tier) => {
    const level = perk.tiers[tier];
    return Object.fromEntries(
      Object.keys(measures).map((name) => [name, amountOf(typeof level === 'object' ? level[name] : level)]),
    );
  });
  return limitKind(context, measures, levels);
}

function compileTable(context: KindContext, perk: TablePerk, tiers: readonly string[]): Kind {
  const rows = Object.entries(perk.rows).map(([key, row]) => [key, tiers.map((tier) => row[tier] ?? 0)] as const);
  return tableKind(context, claimAt(perk.by), new Map(rows));
}

/** Percentages are on top of the first tier's number. */
function grantLevels(perk: GrantPerk, tiers: readonly string[]): readonly number[] {
  const base = perk.tiers[tiers[0] ?? ''];
  return tiers.map((tier) => {
    const amount = perk.tiers[tier] ?? 0;
    return typeof amount === 'number' ? amount : shareOf(typeof base === 'number' ? base : 0, amount);
  });
}

/** `null` is unlimited. */
function amountOf(amount: number | 'unlimited' | undefined): number | null {
  return amount === 'unlimited' ? null : (amount ?? 0);
}

/** `input.loras`: the fact and the keys below it. */
function claimAt(path: string): { readonly fact: 'input' | 'context' | 'resource'; readonly keys: readonly string[] } {
  const [fact, ...keys] = path.split('.');
  if (fact !== 'input' && fact !== 'context' && fact !== 'resource') throw new Error(`\`${path}\` is no claim`);
  return { fact, keys };
}

function echoOf(perk: Perk): Card['echo'] {
  const echoes = 'echoes' in perk ? perk.echoes : undefined;
  if (echoes === undefined) return null;
  const readers = Object.entries(echoes).map(([key, path]) => {
    const { fact, keys } = claimAt(path);
    return { key, fact, path: `$.${keys.join('.')}` };
  });
  return (frame: Frame) => Object.fromEntries(readers.map(({ key, fact, path }) => [key, readPath(frame[fact], path)]));
}
