import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../domain/instant.ts';
import { numberText } from '../../domain/number-text.ts';
import type { AfterEnd, Amounts, KindName, KindValues } from '../../domain/perk.ts';
import type { Planned } from '../../rules/kinds/kind.ts';
import type { PerkView } from './perks-view.ts';

type Values<K extends KindName> = Extract<KindValues, { kind: K }>;

/** What a sentence is made from: the numbers now and after the end. */
interface Line<K extends KindName> {
  readonly now: Values<K>;
  readonly after: Values<K>;
  /** `a month`; empty where nothing is counted over time. */
  readonly unit: string;
  /** What fills the slots: `private models`. */
  readonly things: string;
  /** Whether the membership ends before the next period begins. */
  readonly isLastPeriod: boolean;
  readonly rowsNow: Planned | null;
  readonly rowsAfter: Planned | null;
}

type Sentences = { readonly [K in KindName]: (line: Line<K>) => string };

const NOTHING_CHANGES = 'nothing changes';
const NOTHING_NEW = 'what is there stays, nothing new';
const IT_ENDS = 'it ends';

/** One sentence for each word and kind: what becomes of a perk when the membership ends, in numbers. */
const SENTENCES: Readonly<Record<AfterEnd, Sentences>> = {
  keeps: {
    switch: () => 'it stays',
    limit: ({ after }) => `the limit stays ${amounts(after.limit)}`,
    quota: ({ after, unit }) => `${number(after.limit)} ${unit} stay`,
    slots: ({ after, things }) => `${held(after, things)} ${stay(after.used)}, ${room(after)}`,
    grant: ({ after, unit }) => `${number(after.amount)} ${unit} stay`,
    table: () => 'the amounts stay',
  },
  frozen: {
    switch: () => NOTHING_NEW,
    limit: () => NOTHING_NEW,
    quota: (line) => `what was made of it stays; ${leftovers(line)}`,
    slots: ({ after, things }) => `${held(after, things)} ${stay(after.used)}, ${room(after)}`,
    grant: () => 'what was claimed stays, nothing new',
    table: () => 'what was given stays, nothing new',
  },
  freeLevel: {
    switch: ({ after }) => (after.included ? 'it stays' : IT_ENDS),
    limit: ({ now, after }) => instead(amounts(after.limit), amounts(now.limit)),
    quota: ({ now, after, unit }) => instead(`${number(after.limit)} ${unit}`, number(now.limit)),
    slots: ({ now, after, things }) => {
      const slots = `${number(after.limit)} ${after.limit === 1 ? 'slot' : 'slots'}`;
      return `${instead(slots, number(now.limit))}; ${held(after, things)} ${stay(after.used)}, ${room(after)}`;
    },
    grant: ({ now, after, unit }) => instead(`${number(after.amount)} ${unit}`, number(now.amount)),
    table: ({ rowsNow, rowsAfter }) => rows(rowsNow, rowsAfter),
  },
  loses: {
    switch: () => IT_ENDS,
    limit: ({ now, after }) => instead(isNone(after.limit) ? 'none' : amounts(after.limit), amounts(now.limit)),
    quota: (line) => leftovers(line),
    // A slot that is filled may always be used and emptied, whatever becomes of the perk.
    slots: ({ after, things }) => `${held(after, things)} can still be used and deleted, ${room(after)}`,
    grant: ({ now, unit }) => untilThen(`${number(now.amount)} ${unit}`),
    table: () => IT_ENDS,
  },
};

/** How it ends, as far as sentences say it. */
export interface Ending {
  /** When the membership ends; the present period is the last one where absent. */
  readonly endsAt?: Instant;
  /** What is said of an extra that outlives the membership: `the extra stays until 1 March 2027`. */
  readonly extra?: string | undefined;
}

/** What stays of a perk: "12 private models stay, no new one", "3 of this month's 5 are lost", "10,000 a day instead of 20,000". */
export function staysSentence(word: AfterEnd, now: PerkView, after: PerkView, ending: Ending = {}): string {
  if (!isThere(now)) return NOTHING_CHANGES;
  const { extra } = ending;
  // The plan takes the switch away, and the extra gives it: only that is worth saying.
  if (extra !== undefined && after.values.kind === 'switch' && word !== 'keeps') return extra;
  const sentence = sentenceOf(word, now, after, ending);
  return extra === undefined || sentence === NOTHING_CHANGES ? sentence : `${sentence}; ${extra}`;
}

function sentenceOf(word: AfterEnd, now: PerkView, after: PerkView, { endsAt }: Ending): string {
  if (word === 'freeLevel' && isDeepStrictEqual(level(now), level(after))) return NOTHING_CHANGES;
  const line = {
    now: now.values,
    after: after.values,
    unit: now.card.kind.unit,
    things: (now.card.kind.holds ?? '').replaceAll('_', ' '),
    isLastPeriod: endsAt === undefined || endsAt <= (resetOf(now.values) ?? endsAt),
    rowsNow: now.rows,
    rowsAfter: after.rows,
  };
  // INVARIANT: both views are of the same kind, and the sentences are looked up by it.
  return (SENTENCES[word][now.values.kind] as (line: Line<KindName>) => string)(line as Line<KindName>);
}

/** What is left of the quota, and what follows. What is left today is only lost where nothing comes after it. */
function leftovers({ now, after, unit, isLastPeriod }: Line<'quota'>): string {
  if (after.limit !== 0) return instead(`${number(after.limit)} ${unit}`, number(now.limit));
  if (now.limit === null || now.remaining === null) return untilThen('unlimited');
  if (!isLastPeriod || now.remaining === now.limit) return untilThen(`${number(now.limit)} ${unit}`);
  const all = `${unit === 'a day' ? "today's" : "this month's"} ${number(now.limit)}`;
  if (now.remaining === 0) return `${all} ${now.limit === 1 ? 'is' : 'are'} used, none afterwards`;
  return `${number(now.remaining)} of ${all} ${now.remaining === 1 ? 'is' : 'are'} lost`;
}

function untilThen(what: string): string {
  return `${what} until then, none afterwards`;
}

function resetOf(values: KindValues): Instant | null {
  return 'resetsAt' in values ? values.resetsAt : null;
}

function held({ used }: Values<'slots'>, things: string): string {
  return used === 1 && things.endsWith('s') ? `1 ${things.slice(0, -1)}` : `${number(used)} ${things}`;
}

function room({ remaining }: Values<'slots'>): string {
  if (remaining === null) return 'as many new ones as wanted';
  return remaining === 0 ? 'no new one' : `${number(remaining)} more can be added`;
}

function stay(count: number): string {
  return count === 1 ? 'stays' : 'stay';
}

function instead(after: string, now: string): string {
  return `${after} instead of ${now}`;
}

function rows(now: Planned | null, after: Planned | null): string {
  const before = rowsOf(now);
  return Object.entries(rowsOf(after))
    .filter(([key, amount]) => before[key] !== amount)
    .map(([key, amount]) => `${key}: ${instead(number(amount), number(before[key] ?? 0))}`)
    .join('; ');
}

function rowsOf(planned: Planned | null): Readonly<Record<string, number | null>> {
  return typeof planned === 'object' && planned !== null ? planned : {};
}

/** What the plan gives, whatever is used of it. */
function level({ values, rows }: PerkView): unknown {
  switch (values.kind) {
    case 'switch':
      return values.included;
    case 'limit':
    case 'quota':
    case 'slots':
      return values.limit;
    case 'grant':
      return values.amount;
    case 'table':
      return rows;
  }
}

/** Whether there is anything to lose: a plan that does not have the perk loses nothing, unless slots are filled. */
function isThere(view: PerkView): boolean {
  const { values } = view;
  if (values.kind === 'switch') return values.included;
  if (values.kind === 'slots' && values.used > 0) return true;
  if (values.kind === 'table') return Object.values(rowsOf(view.rows)).some((amount) => amount !== 0);
  return !isNone(level(view) as Amounts);
}

function isNone(amount: Amounts): boolean {
  return typeof amount === 'object' && amount !== null
    ? Object.values(amount).every((each) => each === 0)
    : amount === 0;
}

function number(value: number | null): string {
  return value === null ? 'unlimited' : numberText(value);
}

function amounts(value: Amounts): string {
  if (typeof value !== 'object' || value === null) return number(value);
  const each = Object.values(value);
  return each.every((part) => part === null) ? 'unlimited' : each.map(number).join(' × ');
}
