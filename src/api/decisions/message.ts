import type { Decision, Reason } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import { numberText } from '../../domain/number-text.ts';
import type { Amounts } from '../../domain/perk.ts';
import type { ReasonCode } from '../../domain/reason.ts';
import { PLACEHOLDER } from '../../rules/compile/placeholders.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';

/** What is said where the rule file says nothing of its own. */
const DEFAULT_SAYS: Readonly<Record<ReasonCode, string>> = {
  not_in_plan: '{title} is not part of your plan.',
  membership_ended: 'Your membership has ended, and {title} with it.',
  limit_exceeded: '{title}: you asked for {asked}; your plan allows {limit}.',
  quota_used_up: '{title}: you have used {used} of {limit}; more on {resetsAt}.',
  slots_full: '{title}: {used} of {limit} are in use.',
  already_claimed: '{title} has been claimed already; more on {resetsAt}.',
  value_not_listed: '{title}: there is nothing listed for {key}.',
  unknown_user: 'This user is not known.',
  facts_unavailable: 'This cannot be checked at the moment; please try again.',
};

/** The same where more than one was asked for at once: what is left may be some, and still too few. */
const DEFAULT_SAYS_OF_SEVERAL: Readonly<Partial<Record<ReasonCode, string>>> = {
  quota_used_up: '{title}: you asked for {asked}, and {remaining} of {limit} are left; more on {resetsAt}.',
  slots_full: '{title}: you asked for {asked}, and {used} of {limit} are in use.',
};

/**
 * The sentence that goes with a denial, in the words of the version that judged, its placeholders filled in. `amount`: how many were asked
 * for at once.
 */
export function messageOf(decision: Decision, ruleSet: RuleSet, amount: number): string {
  const { reason } = decision;
  if (reason === null) return '';
  const version = ruleSet.versions.find((each) => each.ref.version === decision.judgedBy.version);
  const text = reason.says ?? usualText(reason.code as ReasonCode, amount) ?? '{title}: {code}';
  return text.replace(
    PLACEHOLDER,
    (whole, name: string) => placeholder(name, reason, decision, version, amount) ?? whole,
  );
}

function usualText(code: ReasonCode, amount: number): string | undefined {
  return (amount > 1 ? DEFAULT_SAYS_OF_SEVERAL[code] : undefined) ?? DEFAULT_SAYS[code];
}

function placeholder(
  name: string,
  reason: Reason,
  decision: Decision,
  version: Version | undefined,
  amount: number,
): string | undefined {
  const zone = version?.calendar.day.timeZone ?? 'UTC';
  const values = reason.perk === null ? undefined : decision.values[reason.perk];
  switch (name) {
    case 'title':
      return reason.title;
    case 'code':
      return reason.code;
    case 'tier':
      return version?.tiers.find((tier) => tier.id === decision.tier)?.title ?? '';
    case 'endsAt':
      return dateText(decision.endsAt, zone);
    case 'endedAt':
      return dateText(decision.endedAt, zone);
    case 'resetsAt':
      return values !== undefined && 'resetsAt' in values ? dateText(values.resetsAt, zone) : undefined;
    default: {
      const value = (values as Readonly<Record<string, Amounts | string>> | undefined)?.[name];
      if (value === undefined && name === 'asked') return numberText(amount);
      return value === undefined ? undefined : amountText(value);
    }
  }
}

function amountText(value: Amounts | string): string {
  if (value === null) return 'any number';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? numberText(value) : Object.values(value).map(amountText).join(' × ');
}

/** `1 December 2026`, the day in the time zone of the rule file. */
function dateText(instant: Instant | null, timeZone: string): string {
  if (instant === null) return 'a later day';
  const key = `${timeZone} ${instant}`;
  let text = dateTexts.get(key);
  if (text === undefined) {
    if (dateTexts.size >= 10_000) dateTexts.clear();
    text = dateFormat(timeZone).format(instant);
    dateTexts.set(key, text);
  }
  return text;
}

// Writing a date costs more than the decision; the same few days are written again and again.
const dateTexts = new Map<string, string>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  const format = dateFormats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone });
  dateFormats.set(timeZone, format);
  return format;
}
