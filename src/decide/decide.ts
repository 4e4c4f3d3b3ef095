import type { Decision, VersionRef } from '../domain/decision.ts';
import type { Facts } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import { chainEnd, type Standing, standingAt } from '../domain/standing.ts';
import { absentAction } from '../rules/compile/compose-version.ts';
import type { Action, RuleSet, Version } from '../rules/rule-set.ts';
import { earliest } from './earliest.ts';
import { judge, type Verdict } from './judge.ts';
import { judgeWithoutFacts } from './judge-without-facts.ts';
import { newest, nextVersionAt, pickVersion, termsPickVersion } from './pick-version.ts';
import { unlockingTier } from './unlocking-tier.ts';

/** How long a degraded answer holds: the facts may be readable again at any moment. */
const DEGRADED_FOR_MS = 1000;

export interface DecideArguments {
  readonly ruleSet: RuleSet;
  readonly facts: Facts;
  readonly question: Question;
  /** The instant the question is asked for. */
  readonly now: Instant;
}

/**
 * Whether it is allowed, with the reason, the numbers, until when that holds and which tier would change it. Pure: no I/O, no
 * clock, no promise. The question has been checked against the rule set: its action exists.
 */
export function decide({ ruleSet, facts, question, now }: DecideArguments): Decision {
  if (facts.state === 'unreachable') return decideWithoutFacts(ruleSet, question, now);
  const judging = judgingAt(ruleSet, facts.member, question, now);
  const { version, action, standing } = judging;
  const verdict = judge(version, action, question, facts.member, standing, now);
  const degraded = facts.state === 'stale';
  const versioned = earliest(termsPickVersion(ruleSet, now) ? standing.changesAt : null, nextVersionAt(ruleSet, now));
  const until = earliest(verdict.until, versioned);
  const tiered = version.tiers.length > 0;
  return {
    allowed: verdict.reason === null,
    reason: verdict.reason,
    tier: tiered ? (version.tiers[standing.rank]?.id ?? null) : null,
    membership: tiered ? standing.membership : null,
    values: verdict.values,
    answers: verdict.answers,
    unlockedBy:
      verdict.reason === null
        ? null
        : unlockingTier({ ruleSet, question, at: now, member: facts.member, standing, reason: verdict.reason }),
    validUntil: degraded ? earliest(until, now + DEGRADED_FOR_MS) : until,
    judgedBy: deciding(ruleSet, version, verdict.reason),
    mixed: mixedIn(version, verdict.values),
    degraded,
    effects: verdict.effects,
    endsAt:
      verdict.reason === null || standing.term === null ? null : chainEnd(facts.member?.terms ?? [], standing.term),
    endedAt: standing.endedAt,
  };
}

/** The version that decided: of a denial by a perk, the one that judged this perk. */
function deciding(ruleSet: RuleSet, version: Version, reason: Decision['reason']): VersionRef {
  const number = reason?.perk == null ? undefined : version.mixed?.[reason.perk]?.at(-1);
  if (number === undefined) return version.ref;
  return ruleSet.versions.find((each) => each.ref.version === number)?.ref ?? version.ref;
}

function mixedIn(version: Version, values: Decision['values']): Decision['mixed'] {
  if (version.mixed === null) return null;
  const mixed = Object.entries(version.mixed).filter(([perk]) => Object.hasOwn(values, perk));
  return mixed.length === 0 ? null : Object.fromEntries(mixed);
}

export interface Judging {
  readonly version: Version;
  readonly action: Action;
  readonly standing: Standing;
}

/** Which version judges the asker at this instant, where the asker stands, and what the version says of the action. */
export function judgingAt(ruleSet: RuleSet, member: Member | undefined, question: Question, at: Instant): Judging {
  // Tiers are never deleted and keep their order, so the newest version ranks the tiers of all.
  const standing = standingAt(member, at, newest(ruleSet).rankOf);
  const version = pickVersion(ruleSet, standing, at);
  return { version, action: actionOf(ruleSet, version, question), standing };
}

function actionOf(ruleSet: RuleSet, version: Version, { action }: Question): Action {
  const known = version.actions.get(action);
  if (known !== undefined) return known;
  const elsewhere = ruleSet.versions.findLast((each) => each.actions.has(action))?.actions.get(action);
  return absentAction(action, elsewhere?.title ?? action);
}

function decideWithoutFacts(ruleSet: RuleSet, question: Question, now: Instant): Decision {
  const { version, action } = judgingAt(ruleSet, undefined, question, now);
  const verdict: Verdict = judgeWithoutFacts(version, action, question, now);
  return {
    allowed: verdict.reason === null,
    reason: verdict.reason,
    tier: null,
    membership: version.tiers.length > 0 ? 'unknown' : null,
    values: verdict.values,
    answers: verdict.answers,
    unlockedBy: null,
    validUntil: now + DEGRADED_FOR_MS,
    judgedBy: version.ref,
    mixed: null,
    degraded: true,
    effects: [],
    endsAt: null,
    endedAt: null,
  };
}
