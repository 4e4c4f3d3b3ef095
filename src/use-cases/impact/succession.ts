import type { RuleSet, Version } from '../../rules/rule-set.ts';
import { ruleSetOf } from '../../rules/rule-set-of.ts';

/** A rule set without and with a candidate as its newest version. */
export interface Succession {
  readonly before: RuleSet;
  readonly after: RuleSet;
  readonly candidate: Version;
}

/** The candidate on top of all that is there, whatever number its file says. Undefined where nothing is there. */
export function succeeding({ id, versions }: RuleSet, candidate: Version): Succession | undefined {
  const last = versions.at(-1);
  if (last === undefined) return undefined;
  const numbered = withNumber(candidate, last.ref.version + 1);
  const after = ruleSetOf(id, [...versions, numbered]);
  return { before: ruleSetOf(id, versions), after, candidate: after.versions.at(-1) ?? numbered };
}

/** One of the versions as if it were the newest. Undefined for the first, which changes nothing, and for one that is not there. */
export function successionOf({ id, versions }: RuleSet, number: number): Succession | undefined {
  const index = versions.findIndex(({ ref }) => ref.version === number);
  const candidate = versions[index];
  return candidate === undefined ? undefined : succeeding({ id, versions: versions.slice(0, index) }, candidate);
}

/** INVARIANT: no two versions of a rule set have one number: a composed version finds its parts by them. */
function withNumber(candidate: Version, version: number): Version {
  if (candidate.ref.version === version) return candidate;
  return {
    ...candidate,
    ref: { ...candidate.ref, version },
    cards: new Map([...candidate.cards].map(([id, card]) => [id, { ...card, versions: [version] }])),
    json: { ...(candidate.json as object), version },
  };
}
