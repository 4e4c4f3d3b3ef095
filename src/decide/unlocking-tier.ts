import { addMonths } from '../domain/calendar.ts';
import type { Reason } from '../domain/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import type { Standing } from '../domain/standing.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { judge } from './judge.ts';
import { newest, pickVersion } from './pick-version.ts';

interface Denied {
  readonly ruleSet: RuleSet;
  readonly question: Question;
  readonly at: Instant;
  readonly member: Member | undefined;
  readonly standing: Standing;
  readonly reason: Reason;
}

/**
 * The lowest tier above the present one with which the same question is allowed, or null. For a member the running term with only
 * its tier replaced; for anybody else one web term that starts now, its chain with it. A retired tier cannot be had.
 */
export function unlockingTier({ ruleSet, question, at, member, standing, reason }: Denied): string | null {
  if (!isAboutThePlan(reason)) return null;
  const { tiers } = newest(ruleSet);
  for (let rank = standing.rank + 1; rank < tiers.length; rank++) {
    const id = tiers[rank]?.id;
    if (id === undefined) continue;
    const supposed = withTier(standing, id, rank, at);
    const version = pickVersion(ruleSet, supposed, at);
    // As the version of that moment has it: what it has retired, or does not have yet, cannot be had.
    const tier = version.tiers[rank];
    if (tier === undefined || tier.retired || !tier.known) continue;
    const action = version.actions.get(question.action);
    if (action !== undefined && judge(version, action, question, member, supposed, at).reason === null) return id;
  }
  return null;
}

/** Whether another plan could change the answer: not for a rule set's own codes and not for what no plan decides. */
function isAboutThePlan({ code, perk }: Reason): boolean {
  return perk !== null && code !== 'value_not_listed' && code !== 'already_claimed' && code !== 'facts_unavailable';
}

function withTier(standing: Standing, tier: string, rank: number, at: Instant): Standing {
  if (standing.term !== null) return { ...standing, rank, term: { ...standing.term, tier } };
  const term = { tier, channel: 'web', startsAt: at, endsAt: addMonths(at, 1, 'UTC') } as const;
  return { ...standing, membership: 'active', rank, term, anchor: at, endedAt: null };
}
