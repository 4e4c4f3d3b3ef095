import { decide, judgingAt } from '../../decide/decide.ts';
import { frameOf, gatesOf, type OrderedGate, whenName } from '../../decide/gates-of.ts';
import { whyVersion } from '../../decide/pick-version.ts';
import type { Decision, Reason } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion } from '../../domain/question.ts';
import { type JudgedCondition, judgeWithEngine, type NamedCondition } from '../../rules/compile/engine.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
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
  const answered: Answered = { decision, asked, at: now, ruleSet, facts };
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
  const ordered = gatesOf(judging);
  const conditions = ordered.flatMap(({ gate, when }): readonly NamedCondition[] => [
    gate,
    ...(when === null ? [] : [{ ...when, name: whenName(gate) }]),
  ]);
  const judged = await judgeWithEngine(conditions, frame);
  const resultOf = (name: string): JudgedCondition => judged.get(name) ?? { result: false };
  const gates = ordered.map((gate) => {
    const when = gate.when === null ? null : resultOf(whenName(gate.gate));
    return { gate, when, takesPart: when === null || when.result, judged: resultOf(gate.gate.name) };
  });
  return { answered, gates, whyVersion: why, changes: changesFor(decision, asked.question.amount, gates) };
}

function changesFor(decision: Decision, amount: number, gates: readonly ExplainedGate[] = []): readonly Change[] {
  const { reason, unlockedBy } = decision;
  if (reason === null) return [];
  const own = reason.perk === null ? ofCheck(reason, gates) : ofPerk(reason.perk, reason.code, decision, amount);
  const changes: readonly Change[] = unlockedBy === null ? own : [{ kind: 'tier', tier: unlockedBy }, ...own];
  return changes.length === 0 ? [{ kind: 'nothing' }] : changes;
}

function ofCheck({ gate }: Reason, gates: readonly ExplainedGate[]): readonly Change[] {
  return gates.some((each) => each.gate.gate.name === gate) ? [{ kind: 'gate', name: gate }] : [];
}

/** Only what would help: waiting does not where more is asked than a whole period has, nor where the term ends before. */
function ofPerk(perk: string, code: string, decision: Decision, amount: number): readonly Change[] {
  const values = decision.values[perk];
  switch (values?.kind) {
    case 'limit':
      return code === 'limit_exceeded' ? [{ kind: 'askedAtMost', perk, limit: values.limit }] : [];
    case 'quota': {
      if (code !== 'quota_used_up') return [];
      const fewer: readonly Change[] =
        amount > 1 && values.remaining !== null && values.remaining > 0
          ? [{ kind: 'askedAtMost', perk, limit: values.remaining }]
          : [];
      return values.limit !== null && amount <= values.limit
        ? [...fewer, ...waiting(perk, values.resetsAt, decision)]
        : fewer;
    }
    case 'grant':
      return code === 'already_claimed' ? waiting(perk, values.resetsAt, decision) : [];
    case 'slots': {
      if (code !== 'slots_full' || values.limit === null) return [];
      const excess = values.used + amount - values.limit;
      if (excess <= values.used) return [{ kind: 'freeUp', perk, amount: excess }];
      return values.limit > 0 ? [{ kind: 'askedAtMost', perk, limit: values.limit }] : [];
    }
    default:
      return [];
  }
}

function waiting(perk: string, resetsAt: Instant | null, { endsAt, membership }: Decision): readonly Change[] {
  const isMemberThen = membership !== 'active' || endsAt === null || (resetsAt !== null && resetsAt < endsAt);
  return resetsAt !== null && isMemberThen ? [{ kind: 'until', perk, at: resetsAt }] : [];
}
