import type { RuleFile } from '../../generated/rule-file.ts';
import type { Version } from '../rule-set.ts';
import type { Change } from './change.ts';
import { diffActions } from './diff-actions.ts';
import { diffCards } from './diff-cards.ts';
import { diffRules } from './diff-rules.ts';
import { diffTiers } from './diff-tiers.ts';
import { asSet, changed, keysOf, orders, POLICY_TEXT, quoted, valueText } from './words.ts';

/**
 * What a version changes, by meaning and not by text: a file that is only laid out or spelled differently, or has another number
 * and start, changes nothing. INVARIANT: every other difference of the two files is one of the changes.
 */
export function diffVersions(before: Version, after: Version): readonly Change[] {
  const old = before.json as RuleFile;
  const now = after.json as RuleFile;
  return [
    ...diffTiers(old, now),
    ...keysOf(old.perks ?? {}, now.perks ?? {}).flatMap((id) => diffCards(id, before, after)),
    ...order(old, now),
    ...diffActions(old, now),
    ...diffRules(old, now),
    ...conditions(old, now),
    ...statements(old, now),
    ...settings(before, after),
    ...catalogue('attributes', old.attributes ?? {}, now.attributes ?? {}),
    ...catalogue('resources', old.resources ?? {}, now.resources ?? {}),
  ];
}

/** The order of the perks decides which of several denials is the reason. */
function order(old: RuleFile, now: RuleFile): readonly Change[] {
  const [from, to] = orders(Object.keys(old.perks ?? {}), Object.keys(now.perks ?? {}));
  const sentence = 'the perks stand in another order, and the first that denies gives the reason';
  return changed({}, 'order of perks', from, to, () => sentence);
}

function conditions(old: RuleFile, now: RuleFile): readonly Change[] {
  const [a, b] = [old.conditions ?? {}, now.conditions ?? {}];
  return keysOf(a, b).flatMap((name) => {
    const verb = a[name] === undefined ? 'is new' : b[name] === undefined ? 'is gone' : 'has changed';
    return changed({}, `condition.${name}`, a[name], b[name], () => `condition \`${name}\` ${verb}`);
  });
}

function statements(old: RuleFile, now: RuleFile): readonly Change[] {
  const [a, b] = [old.statements ?? {}, now.statements ?? {}];
  const text = (statement: string | undefined) => (statement === undefined ? 'none' : quoted(statement));
  return keysOf(a, b).flatMap((id) =>
    changed({}, `statement.${id}`, a[id], b[id], () => `statement ${id}: ${text(a[id])} → ${text(b[id])}`),
  );
}

/** What is compared elsewhere, or says only which version a file is. Every other property is compared as it is. */
const COMPARED = new Set([
  'format',
  'version',
  'effective',
  'calendar',
  'unknownUser',
  'accepts',
  'tiers',
  'perks',
  'actions',
  'rules',
  'conditions',
  'statements',
  'attributes',
  'resources',
]);

function settings(before: Version, after: Version): readonly Change[] {
  const [a, b] = [before.json, after.json] as readonly [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ];
  const [accepted, accepts] = [asSet((a as unknown as RuleFile).accepts), asSet((b as unknown as RuleFile).accepts)];
  const plain = (what: string, from: unknown, to: unknown, name = what) =>
    changed({}, what, from, to, () => `${name}: ${valueText(from)} → ${valueText(to)}`);
  return [
    ...keysOf(a, b)
      .filter((what) => !COMPARED.has(what))
      .flatMap((what) => plain(what, a[what], b[what])),
    ...plain(
      'calendar.month.startsOn',
      before.calendar.month.startsOn,
      after.calendar.month.startsOn,
      'a month begins on',
    ),
    ...plain(
      'calendar.month.timeZone',
      before.calendar.month.timeZone,
      after.calendar.month.timeZone,
      'a month begins in',
    ),
    ...plain('calendar.day.timeZone', before.calendar.day.timeZone, after.calendar.day.timeZone, 'a day begins in'),
    ...changed(
      {},
      'unknownUser',
      before.unknownUser,
      after.unknownUser,
      () => `a user whom nobody knows: ${UNKNOWN_TEXT[before.unknownUser]} → ${UNKNOWN_TEXT[after.unknownUser]}`,
      () => (after.unknownUser === 'asFree' ? 'better' : 'worse'),
    ),
    ...changed({}, 'existingMembers', before.existingMembers, after.existingMembers, () => {
      const [from, to] = [POLICY_TEXT[before.existingMembers], POLICY_TEXT[after.existingMembers]];
      return `a change counts for existing members: ${from} → ${to}`;
    }),
    ...plain('accepts', accepted, accepts, 'accepted warnings'),
  ];
}

const UNKNOWN_TEXT: Readonly<Record<Version['unknownUser'], string>> = {
  asFree: 'like the first tier',
  deny: 'denied',
};

type Catalogue = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** By type, then by name: attributes and the things that have them. */
function catalogue(what: 'attributes' | 'resources', old: Catalogue, now: Catalogue): readonly Change[] {
  return keysOf(old, now).flatMap((type) => {
    const [a, b] = [old[type] ?? {}, now[type] ?? {}];
    const changes = keysOf(a, b).flatMap((name) =>
      changed({}, `${what}.${type}.${name}`, a[name], b[name], () => {
        return `${what} of ${type}: \`${name}\`: ${valueText(a[name])} → ${valueText(b[name])}`;
      }),
    );
    // A type without anything in it can still be named by an action.
    return changes.length > 0
      ? changes
      : changed({}, `${what}.${type}`, old[type], now[type], () => `${what}: ${type}`);
  });
}
