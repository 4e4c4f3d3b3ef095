import type { Perk } from '../../generated/rule-file.ts';
import type { Planned } from '../kinds/kind.ts';
import { plannedText } from '../matrix.ts';
import type { Card, Version } from '../rule-set.ts';
import type { Change, Verdict } from './change.ts';
import { changed, valueText } from './words.ts';

/** One version's card with the version that has it. */
export interface CardOf {
  readonly version: Version;
  readonly card: Card;
  readonly perk: Perk;
}

/** What each tier gets, whatever the way of writing it: `+20%` is the number that it makes, `members` is yes and no. */
export function diffLevels(old: CardOf, now: CardOf): readonly Change[] {
  const counts = diffCounts(old, now);
  const sameKind = countedBy(old).every(([what, value]) => what === 'calendar' || value === countOf(now, what));
  return [
    ...counts,
    ...now.version.tiers
      .filter((tier) => tier.known)
      .flatMap(({ id, title }): readonly Change[] => {
        const to = now.card.kind.planned(now.version.rankOf(id));
        if (!isKnown(old.version, id)) return newTier(now.card, id, title, to);
        const from = old.card.kind.planned(old.version.rankOf(id));
        return sameKind ? sameParts(now.card, id, title, from, to) : otherKind(old.card, now.card, id, title, from, to);
      }),
  ];
}

/** What is counted and by which period, piece by piece. Calendars as far as they matter to the card. */
function countedBy({ version, perk }: CardOf): readonly (readonly [what: string, value: string | undefined])[] {
  const { month, day } = version.calendar;
  const per = 'per' in perk ? perk.per : undefined;
  const of = 'of' in perk ? perk.of : undefined;
  const measures =
    typeof of === 'object' ? JSON.stringify(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1))) : of;
  const begins = per === 'day' ? day.timeZone : per === undefined ? undefined : `${month.startsOn}, ${month.timeZone}`;
  return [
    ['kind', perk.kind],
    ['per', per],
    ['of', measures],
    ['by', 'by' in perk ? perk.by : undefined],
    ['holds', 'holds' in perk ? perk.holds : undefined],
    ['calendar', begins],
  ];
}

function countOf(of: CardOf, what: string): string | undefined {
  return countedBy(of).find(([each]) => each === what)?.[1];
}

const COUNTS_TEXT: Readonly<Record<string, string>> = {
  kind: 'is another kind of perk',
  per: 'is counted by another period',
  of: 'limits something else',
  by: 'looks up its amount by something else',
  holds: 'counts something else',
  calendar: 'its period begins elsewhere',
};

function diffCounts(old: CardOf, now: CardOf): readonly Change[] {
  return countedBy(now).flatMap(([what, to]) => {
    const from = countOf(old, what);
    // Where the period itself is another, when it begins follows from that.
    if (what === 'calendar' && countOf(old, 'per') !== countOf(now, 'per')) return [];
    const sentence = () => `${now.card.title}: ${COUNTS_TEXT[what] ?? what}, ${valueText(from)} → ${valueText(to)}`;
    return changed({ perk: now.card.id }, what, from, to, sentence);
  });
}

/** A tier that is new gets something of every perk that it has. */
function newTier(card: Card, tier: string, title: string, to: Planned): readonly Change[] {
  const text = plannedText(card, to);
  return text === 'no'
    ? []
    : [
        {
          perk: card.id,
          tier,
          what: 'amount',
          from: null,
          to: written(to),
          verdict: 'neither',
          sentence: `${card.title}, ${title}: ${text}`,
        },
      ];
}

/** What cannot be compared is written out with its unit on both sides. */
function otherKind(old: Card, now: Card, tier: string, title: string, from: Planned, to: Planned): readonly Change[] {
  const [a, b] = [plannedText(old, from), plannedText(now, to)];
  return changed({ perk: now.id, tier }, 'amount', a, b, () => `${now.title}, ${title}: ${a} → ${b}`);
}

function sameParts(card: Card, tier: string, title: string, from: Planned, to: Planned): readonly Change[] {
  return partsOf(from, to).flatMap((part): readonly Change[] => {
    const [a, b] = [partOf(from, part), partOf(to, part)];
    if (a === b) return [];
    const place = [card.title, ...(part === '' ? [] : [part]), title].join(', ');
    const better = card.kind.compare(
      b === undefined ? {} : { [part]: amountOf(b) },
      a === undefined ? {} : { [part]: amountOf(a) },
    );
    return [
      {
        perk: card.id,
        tier,
        what: part === '' ? 'amount' : `amount.${part}`,
        from: writtenPart(a),
        to: writtenPart(b),
        verdict: verdictOf(better),
        sentence: `${place}: ${amounts(card, a, b)}`,
      },
    ];
  });
}

export function verdictOf(better: number | undefined): Verdict {
  return better === undefined || better === 0 ? 'neither' : better > 0 ? 'better' : 'worse';
}

/** One number of a plan; undefined for a row or a measure that is not there. */
type Part = boolean | number | null | undefined;

function amountOf(part: Exclude<Part, undefined>): number | null {
  return typeof part === 'boolean' ? Number(part) : part;
}

/** The parts of which a plan's number consists: measures or rows; '' where it is one. */
function partsOf(a: Planned, b: Planned): readonly string[] {
  const keys = [a, b].flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : ['']));
  return [...new Set(keys)];
}

function partOf(planned: Planned, part: string): Part {
  return typeof planned === 'object' && planned !== null ? planned[part] : planned;
}

/** As rule files write it, where null would be nothing at all. */
function written(planned: Planned): unknown {
  if (typeof planned !== 'object' || planned === null) return writtenPart(planned);
  return Object.fromEntries(Object.entries(planned).map(([part, amount]) => [part, writtenPart(amount)]));
}

function writtenPart(part: Part): unknown {
  if (part === undefined) return null;
  return part === null ? 'unlimited' : typeof part === 'boolean' ? (part ? 'yes' : 'no') : part;
}

/** `3 → 4 a month`: the unit once. */
function amounts(card: Card, from: Part, to: Part): string {
  const text = (amount: Part) =>
    amount === undefined ? 'not listed' : plannedText({ kind: { ...card.kind, unit: '' } }, amount);
  const counted = (amount: Part) => typeof amount === 'number' && amount !== 0;
  const unit = card.kind.unit === '' || !(counted(from) || counted(to)) ? '' : ` ${card.kind.unit}`;
  return counted(to) ? `${text(from)} → ${text(to)}${unit}` : `${text(from)}${unit} → ${text(to)}`;
}

function isKnown(version: Version, tier: string): boolean {
  return version.tiers.some((each) => each.id === tier && each.known);
}
