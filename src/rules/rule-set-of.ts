import type { RuleFile } from '../generated/rule-file.ts';
import { compileVersion } from './compile/compile.ts';
import type { RuleSet, Tier, Version } from './rule-set.ts';

/**
 * The versions of one rule set, in number order, as one immutable object. All of them rank the tiers of the newest: a tier that came
 * later lies between others, and older versions judge it like the next lower one.
 */
export function ruleSetOf(id: string, versions: readonly Version[]): RuleSet {
  // A version that comes out of a longer history carries tiers that are not its own.
  const tiers = (versions.at(-1)?.tiers ?? []).filter(({ known }) => known);
  return Object.freeze({ id, versions: Object.freeze(versions.map((version) => rankedBy(tiers, version))) });
}

function rankedBy(tiers: readonly Tier[], version: Version): Version {
  const same = version.tiers.length === tiers.length && version.tiers.every(({ id }, rank) => tiers[rank]?.id === id);
  // INVARIANT: `json` is the checked file that the version was compiled from.
  return same
    ? version
    : compileVersion(version.json as RuleFile, { yaml: version.yaml, digest: version.ref.digest }, tiers);
}
