import type { OfrepFlags } from '../../generated/ofrep/flags.ts';
import type { FoundOutlook } from '../../use-cases/perks/find-outlook.ts';
import { type PerkFlag, standingOf, toOfrepFlag } from './to-ofrep-flag.ts';

export interface PerkFlags extends OfrepFlags {
  readonly flags: readonly PerkFlag[];
}

const NONE: PerkFlags = { flags: [], metadata: { degraded: false } };

/**
 * Every perk of the version that judges the user, in file order. INVARIANT: nothing in it changes with the instant of asking alone, so
 * that a client that has it already is told so.
 */
export function toOfrepFlags(found: FoundOutlook | undefined): PerkFlags {
  if (found === undefined) return NONE;
  const { version } = found.outlook;
  const flags = [...version.cards.values()].map((card) => toOfrepFlag(found, card));
  const until = flags.flatMap((each) => ('value' in each ? (each.metadata.validUntil ?? []) : [])).sort()[0];
  return {
    flags,
    metadata: {
      ruleSet: version.ref.id,
      version: version.ref.version,
      ...standingOf(found),
      // Instants as text sort by time: all have the same length.
      ...(until !== undefined && { validUntil: until }),
      degraded: found.facts.state !== 'fresh',
    },
  };
}
