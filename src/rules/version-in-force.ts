import type { Instant } from '../domain/instant.ts';
import type { RuleSet, Version } from './rule-set.ts';

/** The version that judges those who come new at this instant: the newest that has started, and the first before any has. */
export function versionInForce({ id, versions }: RuleSet, now: Instant): Version {
  const version = versions.findLast(({ from }) => from <= now) ?? versions[0];
  if (version === undefined) throw new Error(`rule set \`${id}\` has no version`);
  return version;
}

/** The versions that have not started yet, the next one first. */
export function scheduledVersions({ versions }: RuleSet, now: Instant): readonly Version[] {
  return versions.slice(1).filter(({ from }) => from > now);
}
