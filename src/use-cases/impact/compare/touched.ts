import type { Condition, NamedConditions } from '../../../rules/compile/condition.ts';
import type { Change } from '../../../rules/diff/change.ts';
import { diffVersions } from '../../../rules/diff/diff-versions.ts';
import type { Action, RuleSet, Version } from '../../../rules/rule-set.ts';
import type { Succession } from '../succession.ts';
import { conditionsOf } from './condition-reads.ts';

/** The perks and actions about which two rule sets may say something different to somebody. */
export interface Touched {
  readonly perks: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
  readonly recounted: readonly string[];
}

/**
 * What the candidate touches. Compared with every version before it, not only the last: with `nextTerm` and the like each of them may
 * still judge somebody, whom the candidate then takes over from there.
 * INVARIANT: a perk in which all versions are the same is the same to everybody, however they are composed.
 */
export function touchedBy({ before, after, candidate }: Succession): Touched {
  const perks = new Set<string>();
  const actions = new Set<string>();
  const recounted = new Set<string>();
  for (const version of before.versions) {
    for (const perk of recountedBetween(version, candidate)) recounted.add(perk);
    for (const change of diffVersions(version, candidate)) {
      const touched = touchedByOne(change, [version, candidate]);
      for (const perk of touched.perks) perks.add(perk);
      for (const action of touched.actions) actions.add(action);
    }
  }
  for (const perk of recounted) perks.add(perk);
  for (const perk of perks)
    for (const { versions } of [before, after]) for (const action of actionsOf(perk, versions)) actions.add(action);
  return { perks, actions, recounted: [...recounted] };
}

interface Names {
  readonly perks: Iterable<string>;
  readonly actions: Iterable<string>;
}

const NOTHING: Names = { perks: [], actions: [] };

function touchedByOne({ perk, action, tier, what }: Change, versions: readonly Version[]): Names {
  const [subject = '', name = ''] = what.split('.');
  if (WORDS.has(subject)) return NOTHING;
  if (perk !== undefined) return { perks: [perk], actions: action === undefined ? [] : [action] };
  if (action !== undefined) return { perks: [], actions: [action] };
  switch (subject) {
    case 'condition':
      return { perks: [], actions: actionsReading(name, versions) };
    case 'resources':
      return { perks: [], actions: versions.flatMap(actionsOnResources) };
    default:
      // A tier that comes between others moves every number; and what is not known here may do so too.
      return tier === undefined && POLICY.has(subject) ? NOTHING : everything(versions);
  }
}

/** What is only said or declared and gates nothing. A calendar shows in the perks that are counted by it. */
const WORDS = new Set([
  'title',
  'source',
  'says',
  'statement',
  'retired',
  'attributes',
  'accepts',
  'calendar',
  'unknownUser',
  'order of perks',
]);

/** Whom a change is for, when nothing else changes: what differs between versions shows as itself. */
const POLICY = new Set(['existingMembers']);

/** The perks that two versions count by something else. */
function recountedBetween(a: Version, b: Version): readonly string[] {
  return [...a.cards.values()]
    .filter((card) => (b.cards.get(card.id)?.kind.counts ?? card.kind.counts) !== card.kind.counts)
    .map(({ id }) => id);
}

function everything(versions: readonly Version[]): Names {
  return {
    perks: versions.flatMap((version) => [...version.cards.keys()]),
    actions: versions.flatMap((version) => [...version.actions.keys()]),
  };
}

function actionsOnResources({ actions }: Version): readonly string[] {
  return [...actions.values()].filter(({ resource }) => resource !== null).map(({ id }) => id);
}

function actionsOf(perk: string, versions: RuleSet['versions']): readonly string[] {
  return versions.flatMap((version) => version.cards.get(perk)?.actions.map(({ action }) => action) ?? []);
}

function actionsReading(name: string, versions: readonly Version[]): readonly string[] {
  return versions.flatMap(({ actions, conditions }) =>
    [...actions.values()].filter((action) => reads(action, name, conditions)).map(({ id }) => id),
  );
}

function reads(action: Action, name: string, named: NamedConditions): boolean {
  return conditionsOf(action).some((condition) => mentions(condition, name, named));
}

function mentions(condition: Condition, name: string, named: NamedConditions): boolean {
  if ('all' in condition) return condition.all.some((each) => mentions(each, name, named));
  if ('any' in condition) return condition.any.some((each) => mentions(each, name, named));
  if ('not' in condition) return mentions(condition.not, name, named);
  if (!('condition' in condition)) return false;
  const target = named[condition.condition];
  return condition.condition === name || (target !== undefined && mentions(target, name, named));
}
