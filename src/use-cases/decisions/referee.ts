import { decide, judgingAt } from '../../decide/decide.ts';
import { frameOf, gatesOf, type OrderedGate, whenName } from '../../decide/gates-of.ts';
import type { Reason } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { Question } from '../../domain/question.ts';
import type { Predicate } from '../../rules/compile/condition.ts';
import { judgeWithEngine, type NamedCondition } from '../../rules/compile/engine.ts';
import type { RuleSet } from '../../rules/rule-set.ts';

export interface Compared {
  readonly ruleSet: RuleSet;
  /** Absent for a user nobody has written about. */
  readonly member: Member | undefined;
  readonly question: Question;
  readonly now: Instant;
}

/** Where json-rules-engine and the compiled closures do not agree. There should be none, ever. */
export interface Difference {
  readonly user: string;
  readonly question: Question;
  readonly at: Instant;
  /** The gate, the case of an answer or `decision` for the reason as a whole. */
  readonly where: string;
  readonly engine: string;
  readonly compiled: string;
}

interface Judged extends NamedCondition {
  readonly holds: Predicate;
}

/**
 * Lets json-rules-engine judge every condition that has a say in the answer, and compares: each of them with its closure, and the
 * reason that follows from the engine's verdicts with the reason that `decide` gives. The first difference, or undefined.
 */
export async function compareWithEngine(compared: Compared): Promise<Difference | undefined> {
  const { ruleSet, member, question, now } = compared;
  const judging = judgingAt(ruleSet, member, question, now);
  const frame = frameOf(judging, question, member, now);
  const gates = gatesOf(judging);
  const conditions = new Map<string, Judged>();
  for (const { gate, when } of gates) {
    conditions.set(gate.name, gate);
    if (when !== null) {
      const name = whenName(gate);
      conditions.set(name, { ...when, name });
    }
  }
  for (const { key, cases, named } of judging.action.answers) {
    for (const [index, { condition, holds }] of cases.entries()) {
      const name = `answer ${key} ${index + 1}`;
      conditions.set(name, { name, condition, named, holds });
    }
  }
  const judged = await judgeWithEngine([...conditions.values()], frame);
  const verdict = (name: string) => judged.get(name)?.result === true;
  const difference = (where: string, engine: string, compiled: string): Difference => ({
    user: question.subject.id,
    question,
    at: now,
    where,
    engine,
    compiled,
  });
  for (const { name, holds } of conditions.values()) {
    const closure = holds(frame);
    if (verdict(name) !== closure) return difference(name, holdsText(verdict(name)), holdsText(closure));
  }
  const { reason } = decide({ ruleSet, facts: { state: 'fresh', member }, question, now });
  const expected = reasonOf(gates, verdict);
  return reasonText(reason) === reasonText(expected)
    ? undefined
    : difference('decision', reasonText(expected), reasonText(reason));
}

/** The reason that follows from the engine's verdicts: the first gate that takes part and does not hold. */
function reasonOf(gates: readonly OrderedGate[], verdict: (name: string) => boolean): Denial | null {
  const failing = gates.find(({ gate, when }) => (when === null || verdict(whenName(gate))) && !verdict(gate.name));
  return failing === undefined ? null : { code: failing.gate.code, perk: failing.card?.id ?? null };
}

type Denial = Pick<Reason, 'code' | 'perk'>;

function holdsText(holds: boolean): string {
  return holds ? 'holds' : 'does not hold';
}

function reasonText(reason: Denial | null): string {
  return reason === null ? 'allow' : `deny ${reason.code}${reason.perk === null ? '' : ` ${reason.perk}`}`;
}
