import { parseInstant } from '../../domain/instant.ts';
import type { Action as FileAction, Check as FileCheck, Perk, Rule, RuleFile } from '../../generated/rule-file.ts';
import type { Calendar } from '../calendar.ts';
import type { Action, Answer, Card, Check, Gate, Part, Reads, Tier, Version } from '../rule-set.ts';
import { compileCard } from './compile-card.ts';
import { type Condition, compileCondition, factsRead, type NamedConditions } from './condition.ts';
import { MEMBER_FACTS, TERM_FACTS } from './frame.ts';

const ALWAYS: Condition = { all: [] };
const NO_CONDITIONS: NamedConditions = {};

/**
 * A checked rule file as one immutable object of closures. The file has passed schema and lint: what is wrong here is a bug
 * of ours, and thrown as one. `tiers`: all that the rule set has, where a later version has more.
 */
export function compileVersion(
  file: RuleFile,
  source: { readonly yaml: string; readonly digest: string },
  tiers: readonly Tier[] = tiersOf(file),
): Version {
  const ranks = new Map(tiers.map(({ id }, rank) => [id, rank]));
  // What a version says of its own tiers stays: one that is retired later is not retired yet.
  const own = new Map(tiersOf(file).map((tier) => [tier.id, tier]));
  const levelTiers = judgedAs(tiers, file);
  const calendar = calendarOf(file);
  const conditions = (file.conditions ?? {}) as NamedConditions;
  const cards = new Map(
    Object.entries(file.perks ?? {}).map(([id, perk]) => [id, compileCard(id, perk, levelTiers, calendar, file)]),
  );
  const perks = perksByAction(file);
  const actions = Object.entries(file.actions).map(
    ([id, action]) =>
      [id, compileAction(id, action, file.rules?.[id], perks.get(id) ?? [], cards, conditions)] as const,
  );
  return Object.freeze({
    ref: { id: file.ruleSet, version: file.version, digest: source.digest },
    title: file.title,
    from: instantOf(file.effective.from),
    existingMembers: file.effective.existingMembers ?? 'now',
    statements: file.statements ?? {},
    tiers: tiers.map((tier) => own.get(tier.id) ?? { ...tier, known: false }),
    rankOf: (tier: string) => ranks.get(tier) ?? 0,
    calendar,
    unknownUser: file.unknownUser ?? 'asFree',
    cards,
    mixed: null,
    actions: new Map(actions),
    conditions,
    resources: file.resources ?? {},
    yaml: source.yaml,
    json: file,
  });
}

/** The tiers of a file, low to high. */
export function tiersOf(file: RuleFile): readonly Tier[] {
  return Object.entries(file.tiers ?? {}).map(([id, tier]) => ({
    id,
    title: tier.title,
    retired: tier.retired === true,
    known: true,
  }));
}

/** By rank, the tier of the file whose numbers count: its own, or for one that came later the next lower. */
function judgedAs(tiers: readonly Tier[], file: RuleFile): readonly string[] {
  let lower = '';
  return tiers.map(({ id }) => {
    if (file.tiers !== undefined && Object.hasOwn(file.tiers, id)) lower = id;
    return lower;
  });
}

function instantOf(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`\`${text}\` is no instant`);
  return instant;
}

function calendarOf({ calendar }: RuleFile): Calendar {
  return {
    month: {
      startsOn: calendar?.month?.startsOn ?? 'subscriptionDay',
      timeZone: calendar?.month?.timeZone ?? 'UTC',
    },
    day: { timeZone: calendar?.day?.timeZone ?? 'UTC' },
  };
}

type NamedPerk = readonly [id: string, perk: Perk];

/** Which perks take part in which action, in file order. */
function perksByAction({ perks = {} }: RuleFile): ReadonlyMap<string, readonly NamedPerk[]> {
  const byAction = new Map<string, NamedPerk[]>();
  for (const [id, perk] of Object.entries(perks)) {
    for (const action of Object.keys(perk.actions)) {
      const others = byAction.get(action);
      if (others === undefined) byAction.set(action, [[id, perk]]);
      else others.push([id, perk]);
    }
  }
  return byAction;
}

function compileAction(
  id: string,
  action: FileAction,
  rule: Rule | undefined,
  perks: readonly NamedPerk[],
  cards: ReadonlyMap<string, Card>,
  conditions: NamedConditions,
): Action {
  const parts: Part[] = [];
  const sources = new Set(rule?.source ?? []);
  for (const [perkId, perk] of perks) {
    const card = cards.get(perkId);
    if (card === undefined) continue;
    parts.push(compilePart(id, perk, card, conditions));
    for (const statement of card.source) sources.add(statement);
  }
  return {
    id,
    title: action.title,
    input: action.input ?? {},
    resource: action.resource ?? null,
    checks: (rule?.checks ?? []).map((check, index) =>
      compileCheck(`${id}.${index + 1}`, action.title, check, conditions),
    ),
    parts,
    answers: Object.entries(rule?.answers ?? {}).map(([key, cases]): Answer => {
      const compiled = cases.map((each) => {
        const condition = holdsWhen(each.when, each.unless);
        return { condition, holds: compileCondition(condition, conditions), value: each.value };
      });
      return {
        key,
        cases: compiled,
        named: conditions,
        reads: readsOf({ any: compiled.map((each) => each.condition) }, conditions),
      };
    }),
    source: [...sources],
  };
}

function compilePart(action: string, perk: Perk, card: Card, conditions: NamedConditions): Part {
  const use = perk.actions[action];
  if (use === undefined) throw new Error(`perk \`${card.id}\` has no action \`${action}\``);
  const verb = typeof use === 'string' ? use : use.does;
  const when = typeof use === 'string' ? undefined : use.when;
  const gates = card.kind.requirements(verb).map((requirement) => ({
    first: requirement.first === true,
    gate: {
      name: `${card.id}.${requirement.code}`,
      code: requirement.code,
      says: card.says[requirement.code] ?? null,
      title: card.title,
      condition: requirement.condition,
      named: NO_CONDITIONS,
      holds: compileCondition(requirement.condition, NO_CONDITIONS),
    } satisfies Gate,
  }));
  return {
    card,
    verb,
    when:
      when === undefined
        ? null
        : {
            name: when,
            condition: { condition: when },
            named: conditions,
            holds: compileCondition({ condition: when }, conditions),
            reads: readsOf({ condition: when }, conditions),
          },
    first: gates.find((each) => each.first)?.gate ?? null,
    gates: gates.filter((each) => !each.first).map((each) => each.gate),
  };
}

/** A check denies when its `when` holds, or its `unless` does not: its gate is the opposite, what must hold to go on. */
function compileCheck(place: string, title: string, check: FileCheck, conditions: NamedConditions): Check {
  const condition: Condition = { not: holdsWhen(check.when, check.unless) };
  return {
    name: `${place}.${check.deny}`,
    code: check.deny,
    says: check.says,
    title,
    condition,
    named: conditions,
    holds: compileCondition(condition, conditions),
    reads: readsOf(condition, conditions),
  };
}

/** `when`: all of these hold; `unless`: not all of these hold; both: both; neither: always. */
function holdsWhen(
  when: string | readonly string[] | undefined,
  unless: string | readonly string[] | undefined,
): Condition {
  const parts: Condition[] = namesOf(when).map((condition) => ({ condition }));
  if (unless !== undefined) parts.push({ not: { all: namesOf(unless).map((condition) => ({ condition })) } });
  return parts.length === 0 ? ALWAYS : { all: parts };
}

function namesOf(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === 'string' ? [names] : names;
}

function readsOf(condition: Condition, conditions: NamedConditions): Reads {
  const read = factsRead(condition, conditions);
  return {
    member: MEMBER_FACTS.some((fact) => read.has(fact)),
    terms: TERM_FACTS.some((fact) => read.has(fact)),
  };
}
