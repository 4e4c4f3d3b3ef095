import type { Instant } from '../domain/instant.ts';
import type { Standing } from '../domain/standing.ts';
import type { RuleSet, Version } from '../rules/rule-set.ts';

/**
 * The version that judges somebody at `at`. The versions that have started are folded in number order; each takes over by its
 * own policy, unless the running term (or the chain of terms) began before it. Version 1 judges everything before.
 */
export function pickVersion(ruleSet: RuleSet, standing: Standing, at: Instant): Version {
  let picked = first(ruleSet);
  for (let i = 1; i < ruleSet.versions.length; i++) {
    const version = ruleSet.versions[i];
    if (version === undefined || version.from > at) break;
    if (takesOver(version, standing)) picked = version;
  }
  return picked;
}

function takesOver(version: Version, { term, anchor }: Standing): boolean {
  if (term === null) return true;
  switch (version.existingMembers) {
    case 'now':
      return true;
    case 'nextTerm':
      return term.startsAt >= version.from;
    case 'whileSubscribed':
    case 'neverWorse':
      return anchor === null || anchor >= version.from;
  }
}

/** Why that version judges, in a sentence for whoever asks for an explanation. */
export function whyVersion(ruleSet: RuleSet, standing: Standing, at: Instant): string {
  const picked = pickVersion(ruleSet, standing, at);
  const { version } = picked.ref;
  if (ruleSet.versions.length === 1) return `version ${version} is the only one`;
  const started = ruleSet.versions.filter((each, index) => index === 0 || each.from <= at);
  const latest = started[started.length - 1];
  if (latest === undefined || latest === picked) return `version ${version} is the newest that has started`;
  const began = latest.existingMembers === 'nextTerm' ? 'the running term' : 'the membership';
  return `${began} began before version ${latest.ref.version} started, which says \`existingMembers: ${latest.existingMembers}\``;
}

/** The start of the next version after `at`: from then on the answer may be another's. */
export function nextVersionAt(ruleSet: RuleSet, at: Instant): Instant | null {
  if (ruleSet.versions.length === 1) return null;
  for (const version of ruleSet.versions.slice(1)) if (version.from > at) return version.from;
  return null;
}

function first(ruleSet: RuleSet): Version {
  const [version] = ruleSet.versions;
  if (version === undefined) throw new Error(`rule set \`${ruleSet.id}\` has no version`);
  return version;
}
