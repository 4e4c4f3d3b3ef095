import { isDeepStrictEqual } from 'node:util';
import type { AfterEnd } from '../../domain/perk.ts';
import type { Perk, RuleFile } from '../../generated/rule-file.ts';
import type { Planned } from '../kinds/kind.ts';
import { plannedText } from '../matrix.ts';
import type { Card, Version } from '../rule-set.ts';
import type { Change } from './change.ts';

/** What differs between the two versions' cards of one perk. */
export function diffCards(id: string, before: Version, after: Version): readonly Change[] {
  const old = before.cards.get(id);
  const now = after.cards.get(id);
  if (old === undefined || now === undefined) return addedOrRemoved(id, old, now);
  const oldPerk = perkOf(before, id);
  const newPerk = perkOf(after, id);
  return [
    ...levels(now, old, before, after),
    ...afterEnds(now, old),
    ...uses(now, oldPerk, newPerk),
    ...says(now, oldPerk, newPerk),
    ...settings(now, oldPerk, newPerk),
  ];
}

function addedOrRemoved(id: string, old: Card | undefined, now: Card | undefined): readonly Change[] {
  if (now !== undefined)
    return [{ perk: id, what: 'added', from: null, to: now.title, sentence: `${now.title}: new perk` }];
  if (old !== undefined)
    return [{ perk: id, what: 'removed', from: old.title, to: null, sentence: `${old.title}: no perk any more` }];
  return [];
}

function levels(now: Card, old: Card, before: Version, after: Version): readonly Change[] {
  if (now.kind.counts !== old.kind.counts) {
    const [from, to] = [countsText(old), countsText(now)];
    return [
      { perk: now.id, what: 'counts', from, to, sentence: `${now.title}: is counted differently, ${from} → ${to}` },
    ];
  }
  return after.tiers
    .filter((tier) => tier.known)
    .flatMap((tier): readonly Change[] => {
      const from = isKnown(before, tier.id) ? old.kind.planned(before.rankOf(tier.id)) : undefined;
      const to = now.kind.planned(after.rankOf(tier.id));
      return from === undefined
        ? []
        : partsOf(from, to).flatMap((part): readonly Change[] => {
            const [a, b] = [pick(from, part), pick(to, part)];
            if (a === b) return [];
            const place = [now.title, ...(part === '' ? [] : [part]), tier.title].join(', ');
            return [
              {
                perk: now.id,
                tier: tier.id,
                what: part === '' ? 'amount' : `amount.${part}`,
                from: a ?? null,
                to: b ?? null,
                sentence: `${place}: ${amounts(now, a, b)}`,
              },
            ];
          });
    });
}

/** The parts of which a plan's number consists: measures or rows; '' where it is one. */
function partsOf(a: Planned, b: Planned): readonly string[] {
  const keys = [a, b].flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : ['']));
  return [...new Set(keys)];
}

function pick(planned: Planned, part: string): boolean | number | null | undefined {
  return typeof planned === 'object' && planned !== null ? planned[part] : planned;
}

/** `3 → 4 a month`: the unit once. */
function amounts(
  card: Card,
  from: boolean | number | null | undefined,
  to: boolean | number | null | undefined,
): string {
  const text = (amount: boolean | number | null | undefined) =>
    amount === undefined ? 'not listed' : plannedText({ kind: { ...card.kind, unit: '' } }, amount);
  const unit = typeof to === 'number' && to !== 0 && card.kind.unit !== '' ? ` ${card.kind.unit}` : '';
  return `${text(from)} → ${text(to)}${unit}`;
}

function countsText({ kind }: Card): string {
  return kind.per === undefined ? kind.name : `${kind.name} per ${kind.per}`;
}

const AFTER_END_TEXT: Readonly<Record<AfterEnd, string>> = {
  keeps: 'kept',
  frozen: 'what is there stays, nothing new',
  freeLevel: 'back to the level of everybody',
  loses: 'lost',
};

function afterEnds(now: Card, old: Card): readonly Change[] {
  if (now.afterEnd === old.afterEnd) return [];
  const sentence = `${now.title}: ${AFTER_END_TEXT[old.afterEnd]} → ${AFTER_END_TEXT[now.afterEnd]} after the end`;
  return [{ perk: now.id, what: 'afterEnd', from: old.afterEnd, to: now.afterEnd, sentence }];
}

/** Which actions the perk takes part in, and how. */
function uses(card: Card, old: Perk, now: Perk): readonly Change[] {
  return keysOf(old.actions, now.actions).flatMap((action): readonly Change[] => {
    const [from, to] = [old.actions[action] ?? null, now.actions[action] ?? null];
    if (isDeepStrictEqual(from, to)) return [];
    const what = from === null ? 'gate added' : to === null ? 'gate removed' : 'gate';
    const sentence =
      from === null
        ? `${card.title}: now also decides \`${action}\``
        : to === null
          ? `${card.title}: no longer decides \`${action}\``
          : `${card.title}: decides \`${action}\` differently, ${useText(from)} → ${useText(to)}`;
    return [{ perk: card.id, action, what, from, to, sentence }];
  });
}

function useText(use: Perk['actions'][string]): string {
  return typeof use === 'string' ? use : `${use.does}${use.when === undefined ? '' : ` when ${use.when}`}`;
}

function says(card: Card, old: Perk, now: Perk): readonly Change[] {
  return keysOf(old.says ?? {}, now.says ?? {}).flatMap((code): readonly Change[] => {
    const [from, to] = [old.says?.[code] ?? null, now.says?.[code] ?? null];
    if (from === to) return [];
    const quoted = (text: string | null) => (text === null ? 'the usual words' : `“${text}”`);
    return [
      {
        perk: card.id,
        what: `says.${code}`,
        from,
        to,
        sentence: `${card.title}: message for ${code}: ${quoted(from)} → ${quoted(to)}`,
      },
    ];
  });
}

/** Every other property of a card, so that none can change unseen. */
const COMPARED = new Set(['kind', 'per', 'of', 'by', 'holds', 'tiers', 'rows', 'afterEnd', 'actions', 'says']);

function settings(card: Card, old: Perk, now: Perk): readonly Change[] {
  const [a, b] = [old as unknown as Record<string, unknown>, now as unknown as Record<string, unknown>];
  return keysOf(a, b).flatMap((what): readonly Change[] => {
    if (COMPARED.has(what) || isDeepStrictEqual(a[what], b[what])) return [];
    const [from, to] = [a[what] ?? null, b[what] ?? null];
    return [
      { perk: card.id, what, from, to, sentence: `${card.title}: ${what}: ${valueText(from)} → ${valueText(to)}` },
    ];
  });
}

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function keysOf(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function isKnown(version: Version, tier: string): boolean {
  return version.tiers.some((each) => each.id === tier && each.known);
}

function perkOf({ json }: Version, id: string): Perk {
  const perk = (json as RuleFile).perks?.[id];
  if (perk === undefined) throw new Error(`there is no perk \`${id}\``);
  return perk;
}
