import { decide, judgingAt } from '../../decide/decide.ts';
import { utcDay } from '../../domain/calendar.ts';
import type { RememberedKey } from '../../domain/consumption.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Member, newMember } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion } from '../../domain/question.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { foldMember } from '../members/fold-member.ts';
import { type Precondition, requirePrecondition } from '../members/precondition.ts';
import { reachable } from '../members/reachable.ts';
import type { Clock, MemberChange, MemberSnapshot, MemberStore } from '../ports.ts';
import type { Consumption } from './consumption.ts';
import { applyEffects, consumedBy, distinctEffects } from './effects.ts';
import { fingerprintOf } from './fingerprint.ts';
import { forgetBefore, withOneMoreKey } from './key-memory.ts';
import { fromRemembered, toRemembered } from './remembered-answer.ts';
import { valuesAfterwards } from './values-afterwards.ts';

export interface ConsumePorts {
  readonly store: MemberStore;
  readonly clock: Clock;
}

/** Names the attempt, and the decision it makes. */
export interface Attempt {
  readonly key: string;
  /** The id of the decision; a replay answers with the first one's. */
  readonly id: string;
}

/** A consumption with the rule set in whose words it is written out. */
export interface Consumed {
  readonly consumption: Consumption;
  readonly asked: CheckedQuestion;
  readonly ruleSet: RuleSet;
  /** What was stored before it: what the decision was made from, unless it is an earlier one. */
  readonly before: Member | undefined;
}

/**
 * Decides and, on an allow, records the effect, in one atomic step: what is left cannot be spent twice between the check and the
 * use. The same key again is the same attempt: it gets the first answer.
 *
 * An allow that records nothing (`consumed: 0`) is remembered like any other, so that it is replayed too; but not for a user whom
 * nobody has written about, since that alone must not create a member. Denials are never remembered.
 *
 * Problems: `key_reused`, `key_released`, `too_many_keys`, `stale_revision`, `invalid_member` (a holding beyond exact numbers),
 * `facts_unreachable`.
 */
export async function consume(
  ports: ConsumePorts,
  book: RuleBook,
  asked: CheckedQuestion,
  attempt: Attempt,
  precondition?: Precondition,
): Promise<Consumed> {
  const ruleSet = ruleSetNamed(book, asked.ruleSetId);
  const now = ports.clock.now();
  const step: Step = { book, ruleSet, asked, attempt, now, fingerprint: fingerprintOf(asked), precondition };
  const { result, member } = await reachable(() =>
    ports.store.update(asked.question.subject.id, (found) => consumeFrom(found, step), {
      key: attempt.key,
      forgetBefore: forgetBefore(now),
    }),
  );
  const { answer, before } = result;
  // A store may start a member that was deleted before at a higher revision than 1.
  const consumption = answer.replayed ? answer : { ...answer, revision: member?.revision ?? 0 };
  return { consumption, asked, ruleSet, before };
}

interface Step {
  readonly book: RuleBook;
  readonly ruleSet: RuleSet;
  readonly asked: CheckedQuestion;
  readonly attempt: Attempt;
  /** What the clock says: the memory of keys runs on it, whatever instant is asked for. */
  readonly now: Instant;
  readonly fingerprint: string;
  readonly precondition: Precondition | undefined;
}

/** An answer with what was stored before it. */
interface Outcome {
  readonly answer: Consumption;
  readonly before: Member | undefined;
}

/** Pure: what the stored member is turned into. */
function consumeFrom({ member, remembered }: MemberSnapshot, step: Step): MemberChange<Outcome> {
  if (remembered !== undefined) return { result: { answer: replayed(remembered, step), before: member } };
  // Only now: the first answer stands, whatever revision its own write made.
  requirePrecondition(step.precondition, member);

  const { ruleSet, attempt, now } = step;
  const { question } = step.asked;
  const at = step.asked.at ?? now;
  const decision = decide({ ruleSet, facts: { state: 'fresh', member }, question, now: at });
  const effects = distinctEffects(decision.effects);
  const answer: Consumption = {
    id: attempt.id,
    at,
    decision: { ...decision, effects },
    consumed: consumedBy(effects),
    after: decision.values,
    revision: member?.revision ?? 0,
    replayed: false,
  };
  if (!decision.allowed || (member === undefined && effects.length === 0)) {
    return { result: { answer, before: member } };
  }

  const before = member ?? newMember(question.subject.id);
  const recorded = applyEffects(before, effects, attempt.key);
  const judging = judgingAt(ruleSet, recorded, question, at);
  const consumed: Consumption = {
    ...answer,
    after: valuesAfterwards(judging, question, recorded, at, decision.values),
    // Stores raise the revision by one with each write.
    revision: before.revision + 1,
  };
  const remember = toRemember(consumed, step);
  const keyDays = withOneMoreKey(before, remember, now);
  // What can be folded changes with the days: the first consume of each is enough.
  const isFirstOfDay = before.keyDays[remember.day] === undefined;
  const kept = isFirstOfDay ? foldMember(step.book, recorded, now) : recorded;
  return { result: { answer: consumed, before: member }, write: { member: { ...kept, keyDays }, remember } };
}

function toRemember(answer: Consumption, { attempt, now, fingerprint }: Step): RememberedKey {
  return {
    key: attempt.key,
    day: utcDay(now),
    fingerprint,
    effects: answer.decision.effects,
    released: false,
    answer: toRemembered(answer),
  };
}

function replayed(remembered: RememberedKey, step: Step): Consumption {
  const { released, fingerprint } = remembered;
  const key = `the idempotency key \`${step.attempt.key}\``;
  if (released) {
    throw new Problem('key_released', `${key} has been released; a new attempt needs a new key`, {
      field: '/idempotencyKey',
    });
  }
  if (fingerprint !== step.fingerprint) {
    const message = `${key} was used for another action, input, resource or amount; a new attempt needs a new key`;
    throw new Problem('key_reused', message, { field: '/idempotencyKey' });
  }
  return fromRemembered(remembered);
}
