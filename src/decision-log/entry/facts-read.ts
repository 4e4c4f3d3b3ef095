import { toApiInstant } from '../../api/decisions/to-api-decision.ts';
import type { Judging } from '../../decide/decide.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Extra, Member, Term } from '../../domain/member.ts';
import type {
  ApiLoggedExtra,
  ApiLoggedFacts,
  ApiLoggedTerm,
  ApiLoggedUsage,
} from '../../generated/answers/log/entry.ts';
import { periodAt } from '../../rules/kinds/period.ts';
import type { Card, RuleSet } from '../../rules/rule-set.ts';
import { actionReads } from './action-reads.ts';
import { roughSize } from './rough-size.ts';
import { termsThatMatter } from './terms-that-matter.ts';

/** A member with more than this is no ordinary one, and an entry must stay one line. */
const LARGEST = 65_536;

/** What was known of a member, as far as it can decide what was asked, under these rules or others. */
export function factsRead(
  state: 'fresh' | 'stale',
  member: Member | undefined,
  { ruleSet, judging, at }: { readonly ruleSet: RuleSet; readonly judging: Judging; readonly at: Instant },
): ApiLoggedFacts {
  if (member === undefined) return { state };
  const { standing, action } = judging;
  const facts: { -readonly [Name in keyof ApiLoggedFacts]: ApiLoggedFacts[Name] } = {
    state,
    revision: member.revision,
  };
  const { attributes: read } = actionReads(action);
  const terms = termsThatMatter(member.terms, at);
  const attributes =
    read.length === 0 ? undefined : Object.fromEntries(read.map((name) => [name, valueIn(member.attributes, name)]));
  if (
    terms.length > 500 ||
    member.extras.length > 500 ||
    (attributes !== undefined && roughSize(attributes) > LARGEST)
  ) {
    return { state: 'tooLarge', revision: member.revision };
  }
  if (standing.anchor !== null) facts.anchor = text(standing.anchor);
  if (terms.length > 0) facts.terms = terms.map(toLoggedTerm);
  let usage: Record<string, ApiLoggedUsage> | undefined;
  for (const { card } of action.parts) {
    if (card.kind.per === undefined) continue;
    usage ??= {};
    usage[card.id] = usageOf(card, card.kind.per, { ruleSet, judging, at }, member);
  }
  if (usage !== undefined) facts.usage = usage;
  if (hasKeys(member.holdings)) facts.holdings = member.holdings;
  if (member.extras.length > 0) {
    // One that begins after its end still ends the time for which an answer holds.
    const extras = member.extras.filter(({ from, until }) => until === undefined || until > at || (from ?? at) > at);
    if (extras.length > 0) facts.extras = extras.map(toLoggedExtra);
  }
  if (attributes !== undefined) facts.attributes = attributes;
  return facts;
}

/** The sum of the period that counted, and which it was: under other rules another may count. */
function usageOf(
  card: Card,
  per: NonNullable<Card['kind']['per']>,
  { ruleSet, judging, at }: { readonly ruleSet: RuleSet; readonly judging: Judging; readonly at: Instant },
  member: Member,
): ApiLoggedUsage {
  const period = countedPeriod(card, per, ruleSet, judging, at);
  if (period === null) return { from: null, until: null, used: 0, times: 0 };
  let used = 0;
  let times = 0;
  for (const entry of Object.hasOwn(member.usage, card.id) ? (member.usage[card.id] ?? []) : []) {
    if (entry.at < period.start || entry.at >= period.end) continue;
    used += entry.amount;
    times++;
  }
  return { from: text(period.start), until: text(period.end), used, times };
}

/** The period by which a perk was counted: by the calendar of the version that has the perk, which may not be the one that judges all else. */
export function countedPeriod(
  card: Card,
  per: NonNullable<Card['kind']['per']>,
  ruleSet: RuleSet,
  { version, standing }: Judging,
  at: Instant,
): ReturnType<typeof periodAt> {
  const number = card.versions.at(-1);
  const own = version.mixed === null ? undefined : ruleSet.versions.find(({ ref }) => ref.version === number);
  return periodAt(per, (own ?? version).calendar, standing, at);
}

function toLoggedTerm({ tier, channel, startsAt, endsAt, cancelledAt, autoRenew }: Term): ApiLoggedTerm {
  const term: { -readonly [Name in keyof ApiLoggedTerm]: ApiLoggedTerm[Name] } = {
    tier,
    channel,
    startsAt: text(startsAt),
    endsAt: text(endsAt),
  };
  if (cancelledAt !== undefined) term.cancelledAt = text(cancelledAt);
  if (autoRenew !== undefined) term.autoRenew = autoRenew;
  return term;
}

function toLoggedExtra({ perk, amount, from, until }: Extra): ApiLoggedExtra {
  return {
    perk,
    amount,
    ...(from === undefined ? {} : { from: text(from) }),
    ...(until === undefined ? {} : { until: text(until) }),
  };
}

function valueIn(attributes: Member['attributes'], name: string): unknown {
  return Object.hasOwn(attributes, name) ? attributes[name] : null;
}

export function hasKeys(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

function text(instant: Instant): string {
  return toApiInstant(instant) ?? '';
}
