import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { KindValues } from '../../domain/perk.ts';
import type { OfrepFailure } from '../../generated/ofrep/failure.ts';
import type { OfrepFlag, OfrepFlagMetadata } from '../../generated/ofrep/flag.ts';
import { extraFor } from '../../rules/kinds/access.ts';
import type { Card } from '../../rules/rule-set.ts';
import type { FoundOutlook } from '../../use-cases/perks/find-outlook.ts';
import { type PerkView, perkView } from '../../use-cases/perks/perks-view.ts';
import { tierOf } from '../members/to-api-perks.ts';
import { emptyValue, flagValue, unlimitedIn } from './flag-value.ts';

/** How long a degraded flag holds: the facts may be readable again at any moment. The same as for a decision. */
const DEGRADED_FOR_MS = 1000;

/** A perk as a flag; a failure where its value cannot be known, so that the caller's own default counts. */
export function toOfrepFlag(found: FoundOutlook, card: Card): OfrepFlag | OfrepFailure {
  const { outlook, facts } = found;
  if (facts.state === 'unreachable') return flagWithoutFacts(found, card);
  if (outlook.version.unknownUser === 'deny' && facts.member === undefined) {
    return flag(found, card, emptyValue(card), 'DEFAULT', { reasonCode: 'unknown_user' });
  }
  const view = perkView(outlook, card);
  return flag(found, card, flagValue(view), isOwn(found, card) ? 'TARGETING_MATCH' : 'DEFAULT', {
    ...(view.lacks !== null && { reasonCode: view.lacks }),
    ...unlimitedIn(view.values),
    ...countsOf(view.values),
    ...until(validUntil(found, view)),
  });
}

/**
 * As `whenFactsUnavailable` says: `deny` gives nothing, `allow` a switch that is on. How much somebody has to whom a number is allowed,
 * nobody knows: any number would be an invention.
 */
function flagWithoutFacts(found: FoundOutlook, card: Card): OfrepFlag | OfrepFailure {
  const { name } = card.kind;
  if (card.whenFactsUnavailable === 'allow' && name !== 'switch') {
    const errorDetails = `the member facts cannot be reached, and \`${card.id}\` says \`whenFactsUnavailable: allow\`: go on with your own number`;
    return { key: card.id, errorCode: 'GENERAL', errorDetails };
  }
  const value = card.whenFactsUnavailable === 'allow' ? true : emptyValue(card);
  return flag(found, card, value, 'UNKNOWN', {
    reasonCode: 'facts_unavailable',
    ...until(found.outlook.at + DEGRADED_FOR_MS),
  });
}

type Known = Pick<OfrepFlagMetadata, 'ruleSet' | 'version' | 'kind' | 'tier' | 'membership' | 'degraded'>;

function flag(
  { outlook, facts }: FoundOutlook,
  card: Card,
  value: OfrepFlag['value'],
  reason: OfrepFlag['reason'],
  more: Omit<OfrepFlagMetadata, keyof Known>,
): OfrepFlag {
  const { ref } = outlook.version;
  const known: Known = {
    ruleSet: ref.id,
    version: card.versions.at(-1) ?? ref.version,
    kind: card.kind.name,
    ...standingOf({ outlook, facts }),
    degraded: facts.state !== 'fresh',
  };
  return { key: card.id, value, reason, metadata: { ...known, ...more } };
}

/** The tier and membership that judged, as far as they are known. */
export function standingOf({ outlook, facts }: FoundOutlook): Pick<OfrepFlagMetadata, 'tier' | 'membership'> {
  if (facts.state === 'unreachable') return { membership: 'unknown' };
  const tier = tierOf(outlook);
  return { ...(tier !== null && { tier }), membership: outlook.standing.membership };
}

/** Whether the value comes of this user's membership or extras, and is not simply what everybody has. */
function isOwn({ outlook }: FoundOutlook, card: Card): boolean {
  const { standing, member, at } = outlook;
  return standing.membership === 'active' || standing.membership === 'ended' || extraFor(member, card.id, at) > 0;
}

function countsOf(
  values: KindValues,
): Pick<OfrepFlagMetadata, 'used' | 'remaining' | 'overage' | 'claimed' | 'resetsAt'> {
  switch (values.kind) {
    case 'switch':
    case 'limit':
    case 'table':
      return {};
    case 'quota':
    case 'slots': {
      const { used, remaining, overage } = values;
      const counts = { used, ...(remaining !== null && { remaining }), ...(overage > 0 && { overage }) };
      return values.kind === 'quota' ? { ...counts, ...resets(values.resetsAt) } : counts;
    }
    case 'grant':
      return { claimed: values.claimed, ...resets(values.resetsAt) };
  }
}

function resets(at: Instant | null): Pick<OfrepFlagMetadata, 'resetsAt'> {
  return at === null ? {} : { resetsAt: formatInstant(at) };
}

function validUntil({ outlook, facts }: FoundOutlook, { until: own }: PerkView): Instant | null {
  if (facts.state === 'fresh') return own;
  return Math.min(own ?? Number.POSITIVE_INFINITY, outlook.at + DEGRADED_FOR_MS);
}

function until(at: Instant | null): Pick<OfrepFlagMetadata, 'validUntil'> {
  return at === null ? {} : { validUntil: formatInstant(at) };
}
