import { decide, judgingAt } from '../../decide/decide.ts';
import { utcDay } from '../../domain/calendar.ts';
import { type Caller, speaksFor } from '../../domain/caller.ts';
import type { RememberedKey } from '../../domain/consumption.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Member, newMember } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, SentQuestion } from '../../domain/question.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { foldMember } from '../members/fold-member.ts';
import { type Precondition, requirePrecondition } from '../members/precondition.ts';
import { reachable } from '../members/reachable.ts';
import type { Clock, MemberChange, MemberSnapshot, MemberStore } from '../ports.ts';
import type { Consumption } from './consumption.ts';
import { applyEffects, consumedBy, distinctEffects } from './effects.ts';
import { fingerprintOf, sentFingerprintOf } from './fingerprint.ts';
import { forgetBefore, withOneMoreKey } from './key-memory.ts';
import { fromRemembered, ruleSetIdOf, toRemembered } from './remembered-answer.ts';
import { valuesAfterwards } from './values-afterwards.ts';

export interface ConsumePorts {
  readonly store: MemberStore;
  readonly clock: Clock;
}

/** What somebody wants to use up. */
export interface Wanted {
  readonly sent: SentQuestion;
  /** What the rules of now make of it, or what is wrong with it by them. */
  readonly asked: CheckedQuestion | Problem;
}

/** Names the attempt, and the decision it makes. */
export interface Attempt {
  readonly key: string;
  /** The id of the decision; a replay answers with the first one's. */
  readonly id: string;
  /** Who is told only what was used up by the rule sets that it speaks for. */
  readonly by: Caller;
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
 * use. The same key again is the same attempt: it gets the first answer, also where the rules of now would not understand it.
 *
 * An allow that records nothing (`consumed: 0`) is remembered like any other, so that it is replayed too; but not for a user whom
 * nobody has written about, since that alone must not create a member. Denials are never remembered.
 *
 * Problems: the one that `wanted` comes with, `key_reused`, `key_released`, `too_many_keys`, `stale_revision`, `invalid_member` (a
 * holding beyond exact numbers), `facts_unreachable`.
 */
export async function consume(
  ports: ConsumePorts,
  book: RuleBook,
  wanted: Wanted,
  attempt: Attempt,
  precondition?: Precondition,
): Promise<Consumed> {
  const now = ports.clock.now();
  const step: Step = { book, wanted, attempt, now, precondition };
  const { result, member } = await reachable(
    () =>
      ports.store.update(wanted.sent.question.subject.id, (found) => consumeFrom(found, step), {
        key: attempt.key,
        forgetBefore: forgetBefore(now),
      }),
    'write',
  );
  const { consumption } = result;
  if (consumption.replayed) return result;
  // A store may start a member that was deleted before at a higher revision than 1.
  return { ...result, consumption: { ...consumption, revision: member?.revision ?? 0 } };
}

interface Step {
  readonly book: RuleBook;
  readonly wanted: Wanted;
  readonly attempt: Attempt;
  /** What the clock says: the memory of keys runs on it, whatever instant is asked for. */
  readonly now: Instant;
  readonly precondition: Precondition | undefined;
}

/** Pure: what the stored member is turned into. */
function consumeFrom({ member, remembered }: MemberSnapshot, step: Step): MemberChange<Consumed> {
  if (remembered !== undefined) return { result: replayed(remembered, member, step) };
  const { asked } = step.wanted;
  if (asked instanceof Problem) throw asked;
  // Only now: the first answer stands, whatever revision its own write made.
  requirePrecondition(step.precondition, member);

  const { book, attempt, now } = step;
  const ruleSet = ruleSetNamed(book, asked.ruleSetId);
  const { question } = asked;
  const at = asked.at ?? now;
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
    return { result: { consumption: answer, asked, ruleSet, before: member } };
  }

  const before = member ?? newMember(question.subject.id);
  const recorded = applyEffects(before, effects, attempt.key);
  const judging = judgingAt(ruleSet, recorded, question, at);
  const consumption: Consumption = {
    ...answer,
    after: valuesAfterwards(judging, question, recorded, at, decision.values),
    // Stores raise the revision by one with each write.
    revision: before.revision + 1,
  };
  const remember = toRemember(consumption, asked, step);
  const keyDays = withOneMoreKey(before, remember, now);
  // What can be folded changes with the days: the first consume of each is enough.
  const isFirstOfDay = before.keyDays[remember.day] === undefined;
  const kept = isFirstOfDay ? foldMember(book, recorded, now) : recorded;
  return {
    result: { consumption, asked, ruleSet, before: member },
    write: { member: { ...kept, keyDays }, remember },
  };
}

function toRemember(answer: Consumption, asked: CheckedQuestion, { wanted, attempt, now }: Step): RememberedKey {
  return {
    key: attempt.key,
    day: utcDay(now),
    fingerprint: fingerprintOf(asked),
    sent: sentFingerprintOf(wanted.sent),
    effects: answer.decision.effects,
    released: false,
    answer: toRemembered(answer),
  };
}

function replayed(remembered: RememberedKey, member: Member | undefined, step: Step): Consumed {
  const { wanted, attempt } = step;
  const { asked, sent } = wanted;
  const ruleSetId = ruleSetIdOf(remembered);
  const isOwn = speaksFor(attempt.by, ruleSetId);
  const isSame = isOwn && isRetry(remembered, ruleSetId, wanted);
  // What is no retry is told first what is wrong with itself.
  if (!isSame && asked instanceof Problem) throw asked;
  const key = `the idempotency key \`${attempt.key}\``;
  const field = '/idempotencyKey';
  if (!isOwn) {
    // What others have done with it is not said.
    throw new Problem('key_reused', `${key} is taken for this member; a new attempt needs a new key`, { field });
  }
  if (remembered.released) {
    throw new Problem('key_released', `${key} has been released; a new attempt needs a new key`, { field });
  }
  if (!isSame) {
    const message = `${key} was used for another action, input, resource or amount; a new attempt needs a new key`;
    throw new Problem('key_reused', message, { field });
  }
  const isUnderstood = !(asked instanceof Problem) && asked.ruleSetId === ruleSetId;
  return {
    consumption: fromRemembered(remembered),
    asked: isUnderstood ? asked : { ...sent, ruleSetId },
    ruleSet: ruleSetNamed(step.book, ruleSetId),
    before: member,
  };
}

/** Whether the same was sent, or what the rules of now take for the same. */
function isRetry({ fingerprint, sent }: RememberedKey, ruleSetId: string, wanted: Wanted): boolean {
  if ((wanted.sent.ruleSetId ?? ruleSetId) !== ruleSetId) return false;
  if (sent === sentFingerprintOf(wanted.sent)) return true;
  return !(wanted.asked instanceof Problem) && fingerprint === fingerprintOf(wanted.asked);
}
