import { judgingAt } from '../decide/decide.ts';
import { frameOf } from '../decide/gates-of.ts';
import { compileCondition, type Predicate } from '../rules/condition.ts';
import type { Frame } from '../rules/frame.ts';
import type { Action, Version } from '../rules/rule-set.ts';
import { conditionsIn } from './conditions-in.ts';
import { actionId, answerId, conditionId, perkId, UNKNOWN_TIER } from './coverage-goals.ts';
import type { Judged } from './doors/core.ts';

/** What scenarios have reached. Tell it of every decision that the core door makes. */
export class Hits {
  readonly #reached = new Map<Version, Set<string>>();
  readonly #predicates = new Map<Version, Map<string, Predicate>>();

  of(version: Version): ReadonlySet<string> {
    return this.#set(version);
  }

  readonly onJudged = (judged: Judged): void => {
    const { ruleSet, facts, question, at, decision } = judged;
    const member = facts.state === 'unreachable' ? undefined : facts.member;
    const judging = judgingAt(ruleSet, member, question, at);
    const { version, action } = judging;
    const reached = this.#set(version);
    reached.add(actionId(action.id, 'asked'));
    if (decision.allowed) reached.add(actionId(action.id, 'allow'));
    else if (decision.reason?.perk === null)
      reached.add(decision.reason.code === 'unknown_user' ? 'unknown_user' : actionId(action.id, decision.reason.code));
    const tier = decision.tier ?? UNKNOWN_TIER;
    for (const { card, when } of action.parts) {
      if (decision.reason?.perk === card.id) reached.add(perkId(card.id, tier, decision.reason.code));
      else if (Object.hasOwn(decision.values, card.id)) reached.add(perkId(card.id, tier, 'allow'));
      else if (facts.state === 'unreachable' && decision.allowed && when === null)
        reached.add(perkId(card.id, tier, 'allow'));
    }
    // Without facts no condition about the member is read.
    if (facts.state === 'unreachable') return;
    const frame = frameOf(judging, question, member, at);
    for (const name of conditionsRead(action, judged)) this.#readCondition(version, name, frame, reached);
    if (!decision.allowed) return;
    for (const { key, cases } of action.answers) {
      const index = cases.findIndex((each) => each.holds(frame));
      if (index !== -1) reached.add(answerId(action.id, key, index));
    }
  };

  /** With every condition that it is made of: the engine judges them all. */
  #readCondition(version: Version, name: string, frame: Frame, reached: Set<string>): void {
    const condition = version.conditions[name];
    if (condition === undefined) return;
    const known = this.#predicates.get(version) ?? new Map<string, Predicate>();
    this.#predicates.set(version, known);
    const holds = known.get(name) ?? compileCondition(condition, version.conditions);
    known.set(name, holds);
    reached.add(conditionId(name, holds(frame)));
    for (const inner of conditionsIn(condition)) this.#readCondition(version, inner, frame, reached);
  }

  #set(version: Version): Set<string> {
    const known = this.#reached.get(version) ?? new Set<string>();
    this.#reached.set(version, known);
    return known;
  }
}

/** The named conditions that were read on the way to this decision: nothing behind the gate that denied is. */
function conditionsRead(action: Action, { decision }: Judged): readonly string[] {
  const { reason } = decision;
  const names: string[] = [];
  const firsts = action.parts.filter(({ first }) => first !== null);
  for (const { when, card } of firsts) {
    if (when !== null) names.push(when.name);
    if (reason?.perk === card.id && reason.code === 'value_not_listed') return names;
  }
  if (reason?.code === 'unknown_user') return names;
  for (const { condition, code } of action.checks) {
    names.push(...conditionsIn(condition));
    if (reason !== null && reason.perk === null && reason.code === code) return names;
  }
  for (const { when, card } of action.parts) {
    if (when !== null) names.push(when.name);
    if (reason?.perk === card.id) return names;
  }
  return [
    ...names,
    ...action.answers.flatMap(({ cases }) => cases.flatMap(({ condition }) => conditionsIn(condition))),
  ];
}
