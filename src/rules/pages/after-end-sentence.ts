import type { AfterEnd, KindName } from '../../domain/perk.ts';
import { plannedText } from '../matrix.ts';
import type { Card, Version } from '../rule-set.ts';

const ENDS = 'It ends with the membership.';
const NOTHING_NEW = 'What is there stays; nothing new comes.';

/** For each kind, what is left of it. `freeLevel` is the first tier's number, whatever the kind. */
const SENTENCES: Readonly<Record<Exclude<AfterEnd, 'freeLevel'>, Readonly<Record<KindName, string>>>> = {
  keeps: {
    switch: 'It stays.',
    limit: 'The limit of the last tier stays.',
    quota: 'The number of the last tier stays.',
    slots: 'What is there stays, and so does the number of the last tier.',
    grant: 'The amount of the last tier stays.',
    table: 'The amounts of the last tier stay.',
  },
  frozen: {
    switch: NOTHING_NEW,
    limit: NOTHING_NEW,
    quota: 'What was made of it stays; what is left of it is lost.',
    slots: 'What is there stays and works; nothing new comes.',
    grant: 'What was claimed stays; nothing new comes.',
    table: 'What was given stays; nothing new comes.',
  },
  loses: {
    switch: ENDS,
    limit: ENDS,
    quota: 'It ends with the membership; what is left of it is lost.',
    // A slot that is filled may always be used and emptied, whatever becomes of the perk.
    slots: 'What is there can still be used and deleted; nothing new comes.',
    grant: ENDS,
    table: ENDS,
  },
};

/** What is left of a perk after the membership ends, for everybody alike. */
export function afterEndSentence(card: Card, version: Version): string {
  if (card.afterEnd !== 'freeLevel') return SENTENCES[card.afterEnd][card.kind.name];
  const text = plannedText(card, card.kind.planned(0));
  const first = version.tiers[0]?.title ?? 'everybody';
  const slots = card.kind.name === 'slots' ? ' What is there can still be used and deleted.' : '';
  return `${text === 'no' ? ENDS : `Then it is as for ${first}: ${text}.`}${slots}`;
}
