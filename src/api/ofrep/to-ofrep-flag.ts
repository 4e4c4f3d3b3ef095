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

/** A perk as a flag, or why it has no value. */
export type PerkFlag = OfrepFlag | (OfrepFailure & { readonly key: string });

/** A perk as a flag; a failure where its value cannot be known, so that the caller's own default counts. */
export function toOfrepFlag(found: FoundOutlook, card: Card): PerkFlag {
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
    ...until(found, view),
  });
}

/**
 * As `whenFactsUnavailable` says: `deny` gives nothing, `allow` a switch that is on. How much somebody has to whom a number is allowed,
 * nobody knows: any number would be an invention.
 */
function flagWithoutFacts(found: FoundOutlook, card: Card): PerkFlag {
  const { name } = card.kind;
  if (card.whenFactsUnavailable === 'allow' && name !== 'switch') {
    const errorDetails = `the member facts cannot be reached, and \`${card.id}\` says \`whenFactsUnavailable: allow\`: go on with your own number`;
    return { key: card.id, errorCode: 'GENERAL', errorDetails };
  }
  const value = card.whenFactsUnavailable === 'allow' ? true : emptyValue(card);
  return flag(found, card, value, 'UNKNOWN', { reasonCode: 'facts_unavailable' });
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

/** Degraded, it holds for no time that anybody knows: the facts may be readable again at any moment. */
function until({ facts }: FoundOutlook, { until: at }: PerkView): Pick<OfrepFlagMetadata, 'validUntil'> {
  return at === null || facts.state !== 'fresh' ? {} : { validUntil: formatInstant(at) };
}
