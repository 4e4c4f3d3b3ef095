import type { NamedConditions } from '../../rules/compile/condition.ts';
import type { Action, Card, Version } from '../../rules/rule-set.ts';
import { codesOf, codesWithoutFacts } from '../compile/perk-codes.ts';
import { branchesOf, comparisonText } from './condition-leaves.ts';
import { conditionsIn } from './conditions-in.ts';
import { sayingOfAction, sayingOfCard, sayingOfCondition } from './sayings.ts';

/** One thing that some scenario should reach. */
export interface Goal {
  /** As `Hits` names it: with what the version says of it, so that it is reached in any version that says the same. */
  readonly id: string;
  /** What is missing when nothing reaches it, for people. */
  readonly gap: string;
}

/** How a degraded answer's tier is called: nobody knows it. */
export const UNKNOWN_TIER = 'unknown';
/** What `unknownUser: deny` answers. */
export const UNKNOWN_USER = 'unknown_user';

/**
 * Everything about a version that scenarios can reach by what is answered in them:
 *
 * - each action: asked; with each code of its checks, and allowed, where checks or answers decide something;
 * - each perk, for each tier that can judge, with each code that its kind can give there (see `codesOf`), and without facts;
 * - each row of a table, for each tier;
 * - each named condition, and each comparison in it: held and not held, in a question that came as far as to read it;
 * - each case of each answer: given.
 */
export function goalsOf(version: Version): readonly Goal[] {
  return [
    ...[...version.actions.values()].flatMap(actionGoals),
    ...[...version.cards.values()].flatMap((card) => [...perkGoals(card, version), ...rowGoals(card, version)]),
    ...Object.keys(version.conditions).flatMap((name) => conditionGoals(name, version.conditions)),
    ...(version.unknownUser === 'deny' ? [{ id: UNKNOWN_USER, gap: 'no unknown user asks: unknown_user' }] : []),
  ];
}

/** The names of what can be reached of one thing, said once: of a perk, an action or a condition. */
export const perkIds = (card: Card, version: Version) => {
  const saying = sayingOfCard(card, version);
  return {
    code: (tier: string, code: string) => `perk ${card.id} ${tier} ${code} ${saying}`,
    row: (tier: string, key: string) => `row ${card.id} ${tier} ${key} ${saying}`,
  };
};

export const actionIds = (action: Action) => {
  const saying = sayingOfAction(action);
  return {
    code: (code: string) => `action ${action.id} ${code} ${saying}`,
    answer: (key: string, index: number) => `answer ${action.id} ${key} ${index} ${saying}`,
  };
};

export const conditionIds = (name: string, named: NamedConditions) => {
  const saying = sayingOfCondition(name, named);
  return {
    whole: (held: boolean) => `condition ${name} ${held} ${saying}`,
    branch: (index: number, held: boolean) => `branch ${name} ${index} ${held} ${saying}`,
  };
};

function actionGoals(action: Action): readonly Goal[] {
  const { id, checks, answers } = action;
  const ids = actionIds(action);
  const goal = (code: string) => ({ id: ids.code(code), gap: `action ${id}: never answered ${code}` });
  // A check without a condition denies always: nothing behind it can be reached.
  const always = checks.findIndex(({ condition }) => conditionsIn(condition).length === 0);
  const reached = always === -1 ? checks : checks.slice(0, always + 1);
  const codes = [...new Set(reached.map(({ code }) => code))];
  return [
    { id: ids.code('asked'), gap: `action ${id}: never asked` },
    ...codes.map(goal),
    ...(checks.length > 0 && always === -1 ? [goal('allow')] : []),
    ...answers.flatMap(({ key, cases }) =>
      cases.map((_, i) => ({
        id: ids.answer(key, i),
        gap: `action ${id}: case ${i + 1} of answer ${key} is never given`,
      })),
    ),
  ];
}

function perkGoals(card: Card, version: Version): readonly Goal[] {
  const ids = perkIds(card, version);
  const goal = (tier: string, code: string) => ({
    id: ids.code(tier, code),
    gap: `perk ${card.id}, tier ${tier}: never ${code}`,
  });
  return [
    ...version.tiers.flatMap(({ id }, rank) =>
      [...codesOf(card, rank, version.tiers.length)].map((code) => goal(id, code)),
    ),
    ...[...codesWithoutFacts(card, version)].map((code) => goal(UNKNOWN_TIER, code)),
  ];
}

function rowGoals(card: Card, version: Version): readonly Goal[] {
  if (card.kind.name !== 'table') return [];
  const ids = perkIds(card, version);
  const rows = Object.keys(card.kind.planned(0) ?? {});
  return rows.flatMap((key) =>
    version.tiers.map(({ id }) => ({
      id: ids.row(id, key),
      gap: `perk ${card.id}, tier ${id}: never asked for row ${key}`,
    })),
  );
}

function conditionGoals(name: string, named: NamedConditions): readonly Goal[] {
  const condition = named[name];
  if (condition === undefined) return [];
  const ids = conditionIds(name, named);
  return [
    { id: ids.whole(true), gap: `condition ${name}: held in no scenario` },
    { id: ids.whole(false), gap: `condition ${name}: never failed to hold` },
    ...branchesOf(condition).flatMap((leaf, i) => {
      const branch = `condition ${name}, \`${comparisonText(leaf)}\``;
      return [
        { id: ids.branch(i, true), gap: `${branch}: held in no scenario` },
        { id: ids.branch(i, false), gap: `${branch}: never failed to hold` },
      ];
    }),
  ];
}
