import { QuestionFrame } from '../../../decide/question-frame.ts';
import type { KindValues } from '../../../domain/perk.ts';
import { judgingRank } from '../../../rules/kinds/access.ts';
import { compareParts } from '../../../rules/kinds/compare.ts';
import type { Planned } from '../../../rules/kinds/kind.ts';
import type { Card } from '../../../rules/rule-set.ts';
import { bareQuestion, mainVerb } from '../../perks/perks-view.ts';
import { type Difference, NO_DIFFERENCE, type Shown } from './difference.ts';
import type { Position, Side } from './position.ts';

/** What a member effectively has of one perk. */
interface Has {
  readonly counts: string;
  readonly amount: Planned;
  readonly left: number | null;
  readonly over: { readonly used: number; readonly limit: number } | undefined;
}

/** What a member has of one perk, without and with the candidate: extras and what is left after the end included. */
export function comparePerk(perk: string, position: Position): Difference {
  const old = hasOf(perk, position, position.before);
  const now = hasOf(perk, position, position.after);
  if (old === undefined && now === undefined) return NO_DIFFERENCE;
  const shown = old === undefined || now === undefined ? oneSided(perk, old, now) : bothSided(perk, old, now);
  const isOver = now?.over !== undefined && overage(now) > overage(old);
  return shown.length === 0 && !isOver
    ? NO_DIFFERENCE
    : { shown, ...(isOver && now.over !== undefined ? { over: { perk, ...now.over } } : {}) };
}

function bothSided(perk: string, old: Has, now: Has): readonly Shown[] {
  // What counts something else, or by another period, can only be compared by what is left of it.
  if (old.counts !== now.counts) return differing(perk, old.left, now.left);
  return differing(perk, old.amount, now.amount);
}

/**
 * A perk that only one version has. One that hands something out is more than none; any other may as well forbid what was free: that
 * shows in the answers.
 */
function oneSided(perk: string, old: Has | undefined, now: Has | undefined): readonly Shown[] {
  const counts = (old ?? now)?.counts ?? '';
  if (!/^(grant|table) /.test(counts)) return [];
  const none = counts.startsWith('grant') ? 0 : {};
  return differing(perk, old?.amount ?? none, now?.amount ?? none);
}

function differing(perk: string, from: Planned, to: Planned): readonly Shown[] {
  const verdict = compareParts(to, from);
  if (verdict === 0) return [];
  const [a, b] = onlyDiffering(from, to);
  const gain = { what: 'gain', perk, from: a, to: b } as const;
  const lose = { what: 'lose', perk, from: a, to: b } as const;
  return verdict === undefined ? [gain, lose] : [verdict > 0 ? gain : lose];
}

/** Of rows and measures, those that are not the same. */
function onlyDiffering(from: Planned, to: Planned): readonly [Planned, Planned] {
  if (typeof from !== 'object' || typeof to !== 'object' || from === null || to === null) return [from, to];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => from[key] !== to[key]);
  const pick = (all: Readonly<Record<string, number | null>>) =>
    Object.fromEntries(keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
  return [pick(from), pick(to)];
}

function overage(has: Has | undefined): number {
  return has?.over === undefined ? 0 : has.over.used - has.over.limit;
}

function hasOf(perk: string, { member, at }: Position, { version, standing }: Side): Has | undefined {
  const card = version.cards.get(perk);
  if (card === undefined) return undefined;
  const frame = new QuestionFrame(version, NO_QUESTION, member, standing);
  const { values } = card.kind.find({ member, standing, at, amount: 1, frame }, mainVerb(card));
  return { counts: card.kind.counts, ...had(values, card, standing) };
}

const NO_QUESTION = bareQuestion('', '');

function had(values: KindValues, { kind, afterEnd }: Card, standing: Side['standing']): Omit<Has, 'counts'> {
  const plain = (amount: Planned) => ({ amount, left: null, over: undefined });
  switch (values.kind) {
    case 'switch':
      return plain(values.included);
    case 'limit':
      return plain(values.limit);
    case 'grant':
      return { amount: values.amount, left: values.claimed ? 0 : values.amount, over: undefined };
    case 'table':
      return plain(kind.planned(judgingRank(standing, afterEnd)));
    case 'quota':
    case 'slots': {
      const { limit, remaining, used, overage: over } = values;
      return { amount: limit, left: remaining, over: over > 0 && limit !== null ? { used, limit } : undefined };
    }
  }
}
