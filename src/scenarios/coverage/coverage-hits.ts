import { judgingAt } from '../../decide/decide.ts';
import { frameOf, gatesOf } from '../../decide/gates-of.ts';
import { compileCondition, type NamedConditions, type Predicate } from '../../rules/compile/condition.ts';
import type { Frame } from '../../rules/compile/frame.ts';
import type { Card, RuleSet, Version } from '../../rules/rule-set.ts';
import type { Judged } from '../doors/core.ts';
import { branchesOf } from './condition-leaves.ts';
import { conditionsIn } from './conditions-in.ts';
import { actionIds, conditionIds, perkIds, UNKNOWN_TIER, UNKNOWN_USER } from './coverage-goals.ts';

/** A named condition, ready to be judged with each of its branches. */
interface Watched {
  readonly ids: ReturnType<typeof conditionIds>;
  readonly holds: Predicate;
  readonly branches: readonly Predicate[];
  /** The conditions that it names: the engine judges them all. */
  readonly inner: readonly string[];
}

/** What scenarios have reached. Tell it of every decision that the core door makes. */
export class Hits {
  readonly #reached = new Map<string, Set<string>>();
  readonly #watched = new WeakMap<NamedConditions, Map<string, Watched>>();
  readonly #perkIds = new WeakMap<Card, ReturnType<typeof perkIds>>();

  of({ id }: RuleSet): ReadonlySet<string> {
    return this.#set(id);
  }

  readonly onJudged = (judged: Judged): void => {
    const { ruleSet, facts, question, at, decision } = judged;
    const member = facts.state === 'unreachable' ? undefined : facts.member;
    const judging = judgingAt(ruleSet, member, question, at);
    const { version, action } = judging;
    const reached = this.#set(ruleSet.id);
    const ids = actionIds(action);
    reached.add(ids.code('asked'));
    if (decision.reason === null) reached.add(ids.code('allow'));
    else if (decision.reason.gate === UNKNOWN_USER) reached.add(UNKNOWN_USER);
    else if (decision.reason.perk === null) reached.add(ids.code(decision.reason.code));
    const tier = decision.tier ?? UNKNOWN_TIER;
    for (const { card, when } of action.parts) {
      const perk = this.#idsOf(card, version);
      const values = Object.hasOwn(decision.values, card.id) ? decision.values[card.id] : undefined;
      if (decision.reason?.perk === card.id) reached.add(perk.code(tier, decision.reason.code));
      else if (values !== undefined) reached.add(perk.code(tier, 'allow'));
      else if (facts.state === 'unreachable' && decision.allowed && when === null)
        reached.add(perk.code(tier, 'allow'));
      if (values?.kind === 'table') reached.add(perk.row(tier, String(values.key)));
    }
    // Without facts no condition about the member is read.
    if (facts.state === 'unreachable') return;
    const frame = frameOf(judging, question, member, at);
    for (const [name, named] of conditionsRead(judging, decision.reason?.gate)) this.#read(name, named, frame, reached);
    if (!decision.allowed) return;
    for (const { key, cases } of action.answers) {
      const index = cases.findIndex((each) => each.holds(frame));
      if (index !== -1) reached.add(ids.answer(key, index));
    }
  };

  #read(name: string, named: NamedConditions, frame: Frame, reached: Set<string>): void {
    const watched = this.#watch(name, named);
    if (watched === undefined) return;
    reached.add(watched.ids.whole(watched.holds(frame)));
    for (const [index, holds] of watched.branches.entries()) reached.add(watched.ids.branch(index, holds(frame)));
    for (const inner of watched.inner) this.#read(inner, named, frame, reached);
  }

  #watch(name: string, named: NamedConditions): Watched | undefined {
    const known = this.#watched.get(named) ?? new Map<string, Watched>();
    this.#watched.set(named, known);
    const condition = Object.hasOwn(named, name) ? named[name] : undefined;
    const before = known.get(name);
    if (before !== undefined || condition === undefined) return before;
    const watched = {
      ids: conditionIds(name, named),
      holds: compileCondition(condition, named),
      branches: branchesOf(condition).map((each) => compileCondition(each, named)),
      inner: conditionsIn(condition),
    };
    known.set(name, watched);
    return watched;
  }

  #idsOf(card: Card, version: Version): ReturnType<typeof perkIds> {
    const known = this.#perkIds.get(card) ?? perkIds(card, version);
    this.#perkIds.set(card, known);
    return known;
  }

  #set(ruleSet: string): Set<string> {
    const known = this.#reached.get(ruleSet) ?? new Set<string>();
    this.#reached.set(ruleSet, known);
    return known;
  }
}

type ConditionRead = readonly [name: string, named: NamedConditions];

/** The named conditions that were read on the way to this decision: nothing behind the gate that denied is. */
function conditionsRead(
  judging: Parameters<typeof gatesOf>[0],
  deniedBy: string | undefined,
): readonly ConditionRead[] {
  const read: ConditionRead[] = [];
  for (const { gate, when } of gatesOf(judging)) {
    if (when !== null) read.push([when.name, when.named]);
    for (const name of conditionsIn(gate.condition)) read.push([name, gate.named]);
    if (gate.name === deniedBy) return read;
  }
  for (const { cases, named } of judging.action.answers)
    for (const { condition } of cases) for (const name of conditionsIn(condition)) read.push([name, named]);
  return read;
}
