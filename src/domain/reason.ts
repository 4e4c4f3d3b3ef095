/** Why a question is denied: the codes that Perkbook itself gives. A rule set's `rules:` declare their own. */
export const REASON_CODES = [
  'not_in_plan',
  'membership_ended',
  'limit_exceeded',
  'quota_used_up',
  'slots_full',
  'already_claimed',
  'value_not_listed',
  'unknown_user',
  'facts_unavailable',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export function isReasonCode(code: string): code is ReasonCode {
  return (REASON_CODES as readonly string[]).includes(code);
}
