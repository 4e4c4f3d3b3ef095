import { AFTER_END, type AfterEnd } from '../../domain/perk.ts';
import type { Perk, RuleFile } from '../../generated/rule-file.ts';
import type { Card, Version } from '../rule-set.ts';
import type { Change } from './change.ts';
import { type CardOf, diffLevels } from './diff-levels.ts';
import { asSet, changed, keysOf, POLICY_TEXT, quoted, valueText } from './words.ts';

/** What differs between the two versions' cards of one perk. */
export function diffCards(id: string, before: Version, after: Version): readonly Change[] {
  const old = cardOf(before, id);
  const now = cardOf(after, id);
  if (old === undefined || now === undefined) return addedOrRemoved(id, old, now, before, after);
  return [
    ...changed({ perk: id }, 'title', old.card.title, now.card.title, () => {
      return `${old.card.title}: is now called ${now.card.title}`;
    }),
    ...diffLevels(old, now),
    ...afterEnds(old, now),
    ...uses(now.card, old.perk, now.perk, before, after),
    ...says(now.card, old.perk, now.perk),
    ...settings(old, now),
  ];
}

function cardOf(version: Version, id: string): CardOf | undefined {
  const card = version.cards.get(id);
  const perk = (version.json as RuleFile).perks?.[id];
  return card === undefined || perk === undefined ? undefined : { version, card, perk };
}

/** A perk that decides actions which were there without it takes something away; with new ones it only gives. */
function addedOrRemoved(
  id: string,
  old: CardOf | undefined,
  now: CardOf | undefined,
  before: Version,
  after: Version,
): readonly Change[] {
  if (now !== undefined) {
    const { title, actions } = now.card;
    const verdict = actions.some(({ action }) => before.actions.has(action)) ? 'neither' : 'better';
    return [{ perk: id, what: 'added', from: null, to: now.perk, verdict, sentence: `${title}: new perk` }];
  }
  if (old !== undefined) {
    const { title, actions } = old.card;
    const verdict = actions.some(({ action }) => after.actions.has(action)) ? 'neither' : 'worse';
    return [{ perk: id, what: 'removed', from: old.perk, to: null, verdict, sentence: `${title}: no perk any more` }];
  }
  return [];
}

function afterEnds(old: CardOf, now: CardOf): readonly Change[] {
  const [from, to] = [old.card.afterEnd, now.card.afterEnd];
  return changed(
    { perk: now.card.id },
    'afterEnd',
    from,
    to,
    () => `${now.card.title}: ${afterEndText(from, old.version)} → ${afterEndText(to, now.version)} after the end`,
    () => (AFTER_END.indexOf(to) < AFTER_END.indexOf(from) ? 'better' : 'worse'),
  );
}

function afterEndText(afterEnd: AfterEnd, { tiers }: Version): string {
  switch (afterEnd) {
    case 'keeps':
      return 'kept';
    case 'frozen':
      return 'frozen (what is there stays, nothing new)';
    case 'freeLevel':
      return `as ${tiers[0]?.title ?? 'everybody'}`;
    case 'loses':
      return 'lost';
  }
}

type Use = Perk['actions'][string];

/** Which actions the perk takes part in, and how. A perk can deny: where it takes part anew, it takes something away. */
function uses(card: Card, old: Perk, now: Perk, before: Version, after: Version): readonly Change[] {
  return keysOf(old.actions, now.actions).flatMap((action): readonly Change[] => {
    const [from, to] = [useOf(old.actions[action]), useOf(now.actions[action])];
    const place = { perk: card.id, action };
    if (from === null) {
      const sentence = () => `${card.title}: now also decides \`${action}\` (${useText(to)})`;
      return changed(place, 'gate added', from, to, sentence, () => (before.actions.has(action) ? 'worse' : 'neither'));
    }
    if (to === null) {
      const sentence = () => `${card.title}: no longer decides \`${action}\``;
      return changed(place, 'gate removed', from, to, sentence, () =>
        after.actions.has(action) ? 'better' : 'neither',
      );
    }
    const sentence = () => `${card.title}: decides \`${action}\` differently, ${useText(from)} → ${useText(to)}`;
    return changed(place, 'gate', from, to, sentence);
  });
}

/** `add` and `{does: add}` are the same. */
function useOf(use: Use | undefined): Use | null {
  if (use === undefined || typeof use === 'string') return use ?? null;
  return use.when === undefined ? use.does : use;
}

function useText(use: Use | null): string {
  if (use === null || typeof use === 'string') return use ?? 'not at all';
  return use.when === undefined ? use.does : `${use.does} when \`${use.when}\``;
}

function says(card: Card, old: Perk, now: Perk): readonly Change[] {
  return keysOf(old.says ?? {}, now.says ?? {}).flatMap((code) => {
    const [from, to] = [old.says?.[code], now.says?.[code]];
    const sentence = () => `${card.title}: message for ${code}: ${quoted(from)} → ${quoted(to)}`;
    return changed({ perk: card.id }, `says.${code}`, from, to, sentence);
  });
}

/** What is compared by meaning above and below; every other property is compared as it is, so that none can change unseen. */
const COMPARED = new Set([
  'title',
  'kind',
  'per',
  'of',
  'by',
  'holds',
  'tiers',
  'rows',
  'afterEnd',
  'actions',
  'says',
  'source',
  'accepts',
  'existingMembers',
  'whenFactsUnavailable',
]);

function settings(old: CardOf, now: CardOf): readonly Change[] {
  const { id, title, whenFactsUnavailable, existingMembers } = now.card;
  const place = { perk: id };
  const [a, b] = [old.perk, now.perk] as unknown as readonly [Record<string, unknown>, Record<string, unknown>];
  const list = (what: 'source' | 'accepts', verb: string) => {
    const [from, to] = [asSet(old.perk[what]), asSet(now.perk[what])];
    return changed(place, what, from, to, () => `${title}: ${verb}: ${valueText(from)} → ${valueText(to)}`);
  };
  const answers = { allow: 'allowed', deny: 'denied' };
  // A card that follows its file changes with it, and that is said once.
  const follows = followsFile(old) && followsFile(now);
  return [
    ...changed(
      place,
      'whenFactsUnavailable',
      old.card.whenFactsUnavailable,
      whenFactsUnavailable,
      () =>
        `${title}: ${answers[old.card.whenFactsUnavailable]} → ${answers[whenFactsUnavailable]} when nothing can be found out about the user`,
      () => (whenFactsUnavailable === 'allow' ? 'better' : 'worse'),
    ),
    ...(follows
      ? []
      : changed(place, 'existingMembers', old.card.existingMembers, existingMembers, () => {
          const [from, to] = [POLICY_TEXT[old.card.existingMembers], POLICY_TEXT[existingMembers]];
          return `${title}: a change counts for existing members: ${from} → ${to}`;
        })),
    ...list('source', 'fulfils'),
    ...list('accepts', 'accepts the warnings'),
    ...keysOf(a, b)
      .filter((what) => !COMPARED.has(what))
      .flatMap((what) =>
        changed(
          place,
          what,
          a[what],
          b[what],
          () => `${title}: ${what}: ${valueText(a[what])} → ${valueText(b[what])}`,
        ),
      ),
  ];
}

function followsFile({ card, version }: CardOf): boolean {
  return card.existingMembers === version.existingMembers;
}
