import { isCounted, isOpenToAll } from '../rules/kinds/access.ts';
import type { Planned } from '../rules/kinds/kind.ts';
import type { Action, Card, Part, Version } from '../rules/rule-set.ts';
import { conditionsIn } from './conditions-in.ts';

/** One thing that some scenario should reach. */
export interface Goal {
  /** As `Hits` names it. */
  readonly id: string;
  /** What is missing when nothing reaches it, for people. */
  readonly gap: string;
}

/** How a degraded answer's tier is called: nobody knows it. */
export const UNKNOWN_TIER = 'unknown';

/**
 * Everything about a version that scenarios can reach:
 *
 * - each statement: proved by a scenario that passes;
 * - each action: asked; with each code of its checks, and allowed, where checks or answers decide something;
 * - each perk, for each tier that can judge, with each code that its kind can give there (see `codesOf`), and without facts;
 * - each named condition: held and not held, in a question that came as far as to read it;
 * - each case of each answer: given.
 */
export function goalsOf(version: Version): readonly Goal[] {
  return [
    ...Object.entries(version.statements).map(([id, text]) => ({
      id: statementId(id),
      gap: `statement ${id} is proved by no scenario: ${text}`,
    })),
    ...[...version.actions.values()].flatMap(actionGoals),
    ...[...version.cards.values()].flatMap((card) => perkGoals(card, version)),
    ...Object.keys(version.conditions).flatMap((name) => [
      { id: conditionId(name, true), gap: `condition ${name}: held in no scenario` },
      { id: conditionId(name, false), gap: `condition ${name}: never failed to hold` },
    ]),
    ...(version.unknownUser === 'deny' ? [{ id: 'unknown_user', gap: 'no unknown user asks: unknown_user' }] : []),
  ];
}

export const statementId = (statement: string) => `statement ${statement}`;
export const perkId = (perk: string, tier: string, code: string) => `perk ${perk} ${tier} ${code}`;
export const actionId = (action: string, code: string) => `action ${action} ${code}`;
export const conditionId = (name: string, held: boolean) => `condition ${name} ${held}`;
export const answerId = (action: string, key: string, index: number) => `answer ${action} ${key} ${index}`;

function actionGoals(action: Action): readonly Goal[] {
  const { id, checks, answers } = action;
  const goal = (code: string) => ({ id: actionId(id, code), gap: `action ${id}: never answered ${code}` });
  // A check without a condition denies always: nothing behind it can be reached.
  const always = checks.findIndex(({ condition }) => conditionsIn(condition).length === 0);
  const reached = always === -1 ? checks : checks.slice(0, always + 1);
  const codes = [...new Set(reached.map(({ code }) => code))];
  return [
    { id: actionId(id, 'asked'), gap: `action ${id}: never asked` },
    ...codes.map(goal),
    ...(checks.length > 0 && always === -1 ? [goal('allow')] : []),
    ...answers.flatMap(({ key, cases }) =>
      cases.map((_, i) => ({
        id: answerId(id, key, i),
        gap: `action ${id}: case ${i + 1} of answer ${key} is never given`,
      })),
    ),
  ];
}

function perkGoals(card: Card, version: Version): readonly Goal[] {
  const goal = (tier: string, code: string) => ({
    id: perkId(card.id, tier, code),
    gap: `perk ${card.id}, tier ${tier}: never ${code}`,
  });
  return [
    ...version.tiers.flatMap(({ id }, rank) =>
      [...codesOf(card, rank, version.tiers.length)].map((code) => goal(id, code)),
    ),
    ...[...codesWithoutFacts(card, version)].map((code) => goal(UNKNOWN_TIER, code)),
  ];
}

/**
 * The codes that a perk can give where this tier judges, as though it were the only perk of its actions, and without extras.
 * The first tier judges those who never had a term and those whose terms are over.
 */
export function codesOf(card: Card, rank: number, tiers: number): ReadonlySet<string> {
  const codes = new Set<string>();
  const ranks = Array.from({ length: tiers }, (_, i) => i);
  const paid = ranks.slice(1);
  const had = (except: number) => paid.some((each) => each !== except && hasSome(card.kind.planned(each)));
  for (const verb of new Set(card.actions.map((each) => each.verb))) {
    if (isOpenToAll(card.kind.name, verb)) {
      codes.add('allow');
      continue;
    }
    const requirements = card.kind.requirements(verb);
    if (requirements.some(({ first }) => first === true)) codes.add('value_not_listed');
    /** As far as this rank's numbers decide. */
    const byNumbers = (level: number) => {
      const planned = card.kind.planned(level);
      if (!hasSome(planned)) return;
      codes.add('allow');
      if (!isCounted(card.kind.name, verb)) return;
      for (const { code, first } of requirements) {
        if (first === true || code === 'not_in_plan' || code === 'membership_ended') continue;
        if (card.kind.name === 'grant' || isBounded(planned)) codes.add(code);
      }
    };
    byNumbers(rank);
    if (rank > 0) {
      if (lacksSome(card.kind.planned(rank))) {
        codes.add('not_in_plan');
        if (had(rank)) codes.add('membership_ended');
      }
      continue;
    }
    if (lacksSome(card.kind.planned(0))) codes.add('not_in_plan');
    if (paid.length === 0) continue;
    switch (card.afterEnd) {
      case 'keeps':
        if (verb === 'show') codes.add('allow');
        else
          for (const level of paid) {
            byNumbers(level);
            if (lacksSome(card.kind.planned(level)) && had(level)) codes.add('membership_ended');
          }
        break;
      case 'frozen':
        codes.add(verb === 'show' ? 'allow' : 'membership_ended');
        break;
      case 'loses':
        codes.add('membership_ended');
        break;
      case 'freeLevel':
        if (lacksSome(card.kind.planned(0)) && had(0)) codes.add('membership_ended');
    }
  }
  return codes;
}

/** What an answer without facts can say of a perk. Of several perks of an action, only the first that denies can say so. */
function codesWithoutFacts(card: Card, { actions }: Version): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const { action } of card.actions) {
    const { parts, checks } = actions.get(action) ?? { parts: [], checks: [] };
    if (checks.some(({ reads }) => reads.member)) continue;
    const index = parts.findIndex((part) => part.card.id === card.id);
    const own = parts[index];
    if (own === undefined) continue;
    if (deniesWithoutFacts(own)) {
      if (!parts.slice(0, index).some((part) => part.when === null && deniesWithoutFacts(part)))
        codes.add('facts_unavailable');
    } else if (!parts.some((part) => part.when === null && deniesWithoutFacts(part))) codes.add('allow');
  }
  return codes;
}

function deniesWithoutFacts({ card, verb }: Part): boolean {
  return card.whenFactsUnavailable === 'deny' && !isOpenToAll(card.kind.name, verb);
}

function levels(planned: Planned): readonly (boolean | number | null)[] {
  return typeof planned === 'object' && planned !== null ? Object.values(planned) : [planned];
}

function hasSome(planned: Planned): boolean {
  return levels(planned).some((level) => level !== 0 && level !== false);
}

/** Of a table each row counts; a limit with several measures is lacking only where all of them are 0. */
function lacksSome(planned: Planned): boolean {
  return levels(planned).some((level) => level === 0 || level === false);
}

function isBounded(planned: Planned): boolean {
  return levels(planned).some((level) => typeof level === 'number');
}
