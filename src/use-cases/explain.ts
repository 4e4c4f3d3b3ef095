import { decide, judgingAt } from '../decide/decide.ts';
import { frameOf, gatesOf, type OrderedGate } from '../decide/gates-of.ts';
import { whyVersion } from '../decide/pick-version.ts';
import type { Decision } from '../domain/decision.ts';
import type { CheckedQuestion } from '../domain/question.ts';
import { type JudgedCondition, judgeWithEngine, type NamedCondition } from '../rules/engine.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import type { Answered, AskPorts } from './ask.ts';
import { ruleSetNamed } from './rule-set-named.ts';

/** One gate as json-rules-engine judged it. */
export interface ExplainedGate {
  readonly gate: OrderedGate;
  /** False where the perk's `when` does not hold: then the gate is not asked. */
  readonly takesPart: boolean;
  /** The `when` as judged; null where the perk always takes part. */
  readonly when: JudgedCondition | null;
  readonly judged: JudgedCondition;
}

export interface Explanation {
  readonly answered: Answered;
  /** Every gate in order, also those after the one that denied. Empty when the facts could not be read. */
  readonly gates: readonly ExplainedGate[];
  readonly whyVersion: string;
  /** For a denial, what would have to be different; empty on an allow. */
  readonly changes: readonly Change[];
}

/** What would turn a denial into an allow, without words. */
export type Change =
  | { readonly kind: 'tier'; readonly tier: string }
  | { readonly kind: 'until'; readonly perk: string; readonly at: number }
  | { readonly kind: 'askedAtMost'; readonly perk: string; readonly limit: unknown }
  | { readonly kind: 'freeUp'; readonly perk: string; readonly amount: number }
  | { readonly kind: 'gate'; readonly name: string }
  | { readonly kind: 'nothing' };

/** A decision with every gate of its action as json-rules-engine itself judges it. */
export async function explain(ports: AskPorts, book: RuleBook, asked: CheckedQuestion): Promise<Explanation> {
  const ruleSet = ruleSetNamed(book, asked.ruleSetId);
  const now = asked.at ?? ports.clock.now();
  const facts =
    asked.question.subject.type === 'user'
      ? await ports.facts.read(asked.question.subject.id, asked.minRevision)
      : ({ state: 'fresh', member: undefined } as const);
  const decision = decide({ ruleSet, facts, question: asked.question, now });
  const answered: Answered = { decision, asked, at: now, ruleSet };
  const member = facts.state === 'unreachable' ? undefined : facts.member;
  const judging = judgingAt(ruleSet, member, asked.question, now);
  const why = whyVersion(
    ruleSet,
    judging.standing,
    now,
    judging.action.parts.map((part) => part.card.id),
  );
  if (facts.state === 'unreachable')
    return { answered, gates: [], whyVersion: why, changes: changesFor(decision, asked.question.amount) };

  const frame = frameOf(judging, asked.question, member, now);
  const ordered = gatesOf(judging.action);
  const conditions: NamedCondition[] = ordered.map(({ gate }) => ({ name: gate.name, condition: gate.condition }));
  const whens = new Map(
    ordered.flatMap(({ when }) => (when === null ? [] : [[whenName(when.name), when.condition] as const])),
  );
  for (const [name, condition] of whens) conditions.push({ name, condition });
  const judged = await judgeWithEngine(conditions, judging.version.conditions, frame);
  const resultOf = (name: string): JudgedCondition => judged.get(name) ?? { result: false };
  const gates = ordered.map((gate) => {
    const when = gate.when === null ? null : resultOf(whenName(gate.when.name));
    return { gate, when, takesPart: when === null || when.result, judged: resultOf(gate.gate.name) };
  });
  return { answered, gates, whyVersion: why, changes: changesFor(decision, asked.question.amount, gates) };
}

/** Named conditions and gates share the engine's rule names, so the former are kept apart. */
function whenName(condition: string): string {
  return `when ${condition}`;
}

function changesFor(decision: Decision, amount: number, gates: readonly ExplainedGate[] = []): readonly Change[] {
  const { reason, unlockedBy } = decision;
  if (reason === null) return [];
  const changes: Change[] = [];
  if (unlockedBy !== null) changes.push({ kind: 'tier', tier: unlockedBy });
  if (reason.perk === null) {
    const failed = gates.find(({ gate }) => gate.card === null && gate.gate.code === reason.code);
    if (failed !== undefined) changes.push({ kind: 'gate', name: failed.gate.gate.name });
  } else {
    const values = decision.values[reason.perk];
    if (reason.code === 'limit_exceeded' && values?.kind === 'limit') {
      changes.push({ kind: 'askedAtMost', perk: reason.perk, limit: values.limit });
    }
    if (
      (reason.code === 'quota_used_up' || reason.code === 'already_claimed') &&
      values !== undefined &&
      'resetsAt' in values
    ) {
      if (values.resetsAt !== null) changes.push({ kind: 'until', perk: reason.perk, at: values.resetsAt });
    }
    if (reason.code === 'slots_full' && values?.kind === 'slots' && values.limit !== null) {
      changes.push({ kind: 'freeUp', perk: reason.perk, amount: values.used + amount - values.limit });
    }
  }
  return changes.length === 0 ? [{ kind: 'nothing' }] : changes;
}
