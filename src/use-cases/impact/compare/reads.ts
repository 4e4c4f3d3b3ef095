import type { Member } from '../../../domain/member.ts';
import { readKeys } from '../../../rules/compile/frame.ts';
import { extraFor } from '../../../rules/kinds/access.ts';
import { hasEntryIn, periodAt, usedIn } from '../../../rules/kinds/period.ts';
import type { Card, Version } from '../../../rules/rule-set.ts';
import type { Succession } from '../succession.ts';
import { conditionsOf, type FactPath, pathsRead } from './condition-reads.ts';
import type { Position, Side } from './position.ts';

/** One thing that an answer depends on beside the position, as text or number. */
export type Read = (position: Position) => string | number;

/** What a comparison depends on; null where it depends on who the member is, and nobody else's answer is theirs. */
export type Reads = readonly Read[] | null;

/** All that the perk of this id may read, whichever versions judge. */
export function perkReads(perk: string, { before, after }: Succession): readonly Read[] {
  const cards = [before, after].flatMap(({ versions }) => versions.flatMap((version) => cardIn(version, perk)));
  // Two versions that count the same need be asked once.
  const counted = new Map(cards.map((each) => [each.card.kind.counts, each]));
  return [
    (position) => extraFor(position.member, perk, position.at),
    ...[...counted.values()].flatMap((each) => countedReads(each)),
  ];
}

interface VersionCard {
  readonly version: Version;
  readonly card: Card;
}

function cardIn(version: Version, perk: string): readonly VersionCard[] {
  const card = version.cards.get(perk);
  return card === undefined ? [] : [{ version, card }];
}

function countedReads({ version: { calendar }, card: { id, kind } }: VersionCard): readonly Read[] {
  const { per, holds, name } = kind;
  if (holds !== undefined) return [({ member }) => member.holdings[holds] ?? 0];
  if (per === undefined) return [];
  const read = (member: Member, { standing }: Side, at: number): number => {
    const period = periodAt(per, calendar, standing, at);
    return name === 'grant' ? Number(hasEntryIn(period, member, id)) : usedIn(period, member, id);
  };
  return [
    ({ member, after, at }) => (member.usage[id] === undefined ? 0 : read(member, after, at)),
    // Where the tiers moved another of several running terms may count, and with it another month.
    ({ member, before, after, at }) =>
      before.standing === after.standing || member.usage[id] === undefined ? 0 : read(member, before, at),
  ];
}

/** All that an action may read: its perks, and the conditions of the rule file. */
export function actionReads(action: string, succession: Succession): Reads {
  const { before, after } = succession;
  const versions = [...before.versions, ...after.versions];
  const declared = versions.flatMap((version) => {
    const found = version.actions.get(action);
    return found === undefined ? [] : [{ action: found, version }];
  });
  const perks = new Set(declared.flatMap((each) => each.action.parts.map(({ card }) => card.id)));
  const paths = declared.flatMap((each) =>
    conditionsOf(each.action).flatMap((condition) => pathsRead(condition, each.version.conditions)),
  );
  const factReads = [...new Map(paths.map((path) => [`${path.fact}.${path.keys.join('.')}`, path])).values()].map(
    factRead,
  );
  if (factReads.includes('identity')) return null;
  return [
    ...[...perks].flatMap((perk) => perkReads(perk, succession)),
    ...factReads.filter((each): each is Read => typeof each === 'function'),
  ];
}

/** `identity`: who it is; `none`: what is the same for every member, or follows from the position or the question. */
function factRead({ fact, keys }: FactPath): Read | 'identity' | 'none' {
  const [key = ''] = keys;
  switch (fact) {
    case 'member':
      if (key === 'id') return 'identity';
      return key === 'endedAt' ? ({ after }) => after.standing.endedAt ?? '' : 'none';
    case 'subject':
      return key === 'id' ? 'identity' : 'none';
    case 'term':
      return ({ before, after }) => textOf([readKeys(before.standing.term, keys), readKeys(after.standing.term, keys)]);
    case 'user':
      return ({ member }) => textOf(readKeys({ attributes: member.attributes }, keys));
    case 'resource':
    case 'input':
    case 'context':
    case 'perk':
      return 'none';
  }
}

/** As JSON, so that no two values are written alike. */
function textOf(value: unknown): string {
  return JSON.stringify(value);
}
