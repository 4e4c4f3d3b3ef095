import type { Instant } from '../domain/instant.ts';
import type { Standing } from '../domain/standing.ts';
import { composeVersion, type TakesOver } from '../rules/compile/compose-version.ts';
import type { RuleSet, Version } from '../rules/rule-set.ts';

/**
 * The version that judges somebody at `at`, put together perk by perk where perks have policies of their own. Version 1 judges
 * everything before the second starts; without a running term the newest that has started judges all.
 */
export function pickVersion(ruleSet: RuleSet, standing: Standing, at: Instant): Version {
  const { versions } = ruleSet;
  const [only] = versions;
  if (versions.length === 1 && only !== undefined) return only;
  const started = startedBy(versions, at);
  // All that the outcome depends on: how many versions have started, and before how many the term and its chain began.
  const term = standing.term === null ? started : startedBy(versions, standing.term.startsAt);
  const chain = standing.term === null ? started : startedBy(versions, standing.anchor ?? standing.term.startsAt);
  const key = `${started} ${Math.min(term, started)} ${Math.min(chain, started)}`;
  const known = composedFor(ruleSet);
  let composed = known.get(key);
  if (composed === undefined) {
    if (known.size >= COMPOSED_LIMIT) known.clear();
    composed = composeVersion(versions.slice(0, started), takesOver(versions, term, chain));
    known.set(key, composed);
  }
  return composed;
}

/** How many versions have started by then, the first always among them. `from` never decreases with the number. */
function startedBy(versions: readonly Version[], at: Instant): number {
  let count = 1;
  while (count < versions.length && (versions[count]?.from ?? Number.POSITIVE_INFINITY) <= at) count++;
  return count;
}

/** `term`, `chain`: how many versions had started when the running term, and its chain, began. */
function takesOver(versions: readonly Version[], term: number, chain: number): TakesOver {
  return (version, policy) => {
    const index = versions.indexOf(version);
    switch (policy) {
      case 'now':
        return 'yes';
      case 'nextTerm':
        return index < term ? 'yes' : 'no';
      case 'whileSubscribed':
        return index < chain ? 'yes' : 'no';
      case 'neverWorse':
        return index < chain ? 'yes' : 'better';
    }
  };
}

/** Composed versions live as long as their rule set; a rule set with very many versions forgets and composes again. */
const COMPOSED_LIMIT = 256;
const composedByRuleSet = new WeakMap<RuleSet, Map<string, Version>>();

function composedFor(ruleSet: RuleSet): Map<string, Version> {
  const known = composedByRuleSet.get(ruleSet) ?? new Map<string, Version>();
  composedByRuleSet.set(ruleSet, known);
  return known;
}

/** Why that version judges, in a sentence for whoever asks for an explanation. `perks`: those that the question is about. */
export function whyVersion(ruleSet: RuleSet, standing: Standing, at: Instant, perks: readonly string[]): string {
  const { ref, mixed } = pickVersion(ruleSet, standing, at);
  if (ruleSet.versions.length === 1) return `version ${ref.version} is the only one`;
  const latest = ruleSet.versions[startedBy(ruleSet.versions, at) - 1];
  const mixedHere = Object.entries(mixed ?? {}).filter(([perk]) => perks.includes(perk));
  const others = mixedHere.length === 0 ? '' : `; ${mixedHere.map(mixedText).join(', ')}`;
  if (latest === undefined || latest.ref.version === ref.version) {
    return `version ${ref.version} is the newest that has started${others}`;
  }
  const began = latest.existingMembers === 'nextTerm' ? 'your term' : 'your membership';
  return `${began} began before version ${latest.ref.version}, which is for \`existingMembers: ${latest.existingMembers}\`${others}`;
}

function mixedText([perk, versions]: readonly [string, readonly number[]]): string {
  const [only] = versions;
  return versions.length === 1
    ? `\`${perk}\` goes by version ${only}`
    : `\`${perk}\` has the better of versions ${versions.join(' and ')}`;
}

/** Whether somebody's terms have a say in which version judges: not while every version that has started is for everybody. */
export function termsPickVersion({ versions }: RuleSet, at: Instant): boolean {
  return versions.slice(1, startedBy(versions, at)).some(isForSomeOnly);
}

function isForSomeOnly(version: Version): boolean {
  const known = forSomeOnly.get(version);
  if (known !== undefined) return known;
  const found =
    version.existingMembers !== 'now' || [...version.cards.values()].some((card) => card.existingMembers !== 'now');
  forSomeOnly.set(version, found);
  return found;
}

const forSomeOnly = new WeakMap<Version, boolean>();

/** The start of the next version after `at`: from then on the answer may be another's. */
export function nextVersionAt(ruleSet: RuleSet, at: Instant): Instant | null {
  if (ruleSet.versions.length === 1) return null;
  for (const version of ruleSet.versions.slice(1)) if (version.from > at) return version.from;
  return null;
}

export function newest(ruleSet: RuleSet): Version {
  const version = ruleSet.versions[ruleSet.versions.length - 1];
  if (version === undefined) throw new Error(`rule set \`${ruleSet.id}\` has no version`);
  return version;
}
