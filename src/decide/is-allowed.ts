import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { judgingAt } from './decide.ts';
import { judge } from './judge.ts';

/**
 * Whether `decide` allows it, for who asks about very many: nothing is worked out about why, until when, or what would change it.
 * INVARIANT: equals `decide(…).allowed` with these facts.
 */
export function isAllowed(ruleSet: RuleSet, member: Member | undefined, question: Question, now: Instant): boolean {
  const { version, action, standing } = judgingAt(ruleSet, member, question, now);
  return judge(version, action, question, member, standing, now).reason === null;
}
