import { type Data, isMap, type Tree } from './mutations.ts';

const map = (data: Data | undefined): Tree => (isMap(data) ? data : {});
const list = (data: Data | undefined): Data[] => (Array.isArray(data) ? data : data === undefined ? [] : [data]);
const inOrder = (data: Data | undefined) => Object.entries(map(data));
const sorted = (data: Data | undefined) => list(data).map(String).sort();
const each = (data: Data | undefined, change: (value: Tree) => unknown) =>
  Object.fromEntries(Object.entries(map(data)).map(([key, value]) => [key, change(map(value))]));

/** A rule file with all that may be left out or written in two ways written out: slow and obvious, to compare with. */
export function meaningOf(file: Tree): unknown {
  const { version: _, format: __, effective, ...rest } = file;
  const policy = map(effective).existingMembers ?? 'now';
  const calendar = map(file.calendar);
  const tiers = Object.keys(map(file.tiers));
  return {
    ...rest,
    policy,
    calendar: {
      month: { startsOn: 'subscriptionDay', timeZone: 'UTC', ...map(calendar.month) },
      day: { timeZone: 'UTC', ...map(calendar.day) },
    },
    unknownUser: file.unknownUser ?? 'asFree',
    accepts: sorted(file.accepts),
    statements: map(file.statements),
    conditions: map(file.conditions),
    attributes: map(file.attributes),
    resources: map(file.resources),
    tiers: inOrder(file.tiers).map(([id, tier]) => [id, { retired: false, ...map(tier) }]),
    perks: inOrder(file.perks).map(([id, perk]) => [id, perkOf(map(perk), tiers, policy)]),
    actions: each(file.actions, (action) => ({ open: false, input: {}, ...action })),
    rules: each(file.rules, (rule) => ({
      source: sorted(rule.source),
      checks: list(rule.checks).map((check) => cased(map(check))),
      answers: Object.fromEntries(
        inOrder(rule.answers).map(([key, cases]) => [key, list(cases).map((one) => cased(map(one)))]),
      ),
    })),
  };
}

function cased(value: Tree): unknown {
  return { ...value, when: list(value.when), unless: value.unless === undefined ? 'never' : list(value.unless) };
}

function perkOf(perk: Tree, tiers: readonly string[], policy: Data): unknown {
  return {
    ...perk,
    source: sorted(perk.source),
    accepts: sorted(perk.accepts),
    says: map(perk.says),
    existingMembers: perk.existingMembers ?? policy,
    whenFactsUnavailable: perk.whenFactsUnavailable ?? 'deny',
    actions: Object.fromEntries(
      inOrder(perk.actions).map(([id, use]) => [id, isMap(use) ? { ...use } : { does: use }]),
    ),
    tiers: perk.tiers === undefined ? {} : levelsOf(perk, tiers),
  };
}

function levelsOf(perk: Tree, tiers: readonly string[]): unknown {
  const [first = ''] = tiers;
  const levels = map(perk.tiers);
  return Object.fromEntries(
    tiers.map((tier) => {
      const level = perk.tiers === 'members' ? (tier === first ? 'no' : 'yes') : levels[tier];
      if (perk.kind === 'grant' && typeof level === 'string')
        return [tier, Math.floor((Number(levels[first]) * (100 + Number(level.slice(1, -1)))) / 100)];
      if (isMap(perk.of) && !isMap(level))
        return [tier, Object.fromEntries(Object.keys(perk.of).map((measure) => [measure, level]))];
      return [tier, level];
    }),
  );
}
