import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../rule-set.ts';
import type { Change, Verdict } from './change.ts';

/** The keys of both, those of the first first. */
export function keysOf(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** A value of the file in a sentence. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueText).join(', ');
  return JSON.stringify(value);
}

export function quoted(text: string | null | undefined): string {
  return text === null || text === undefined ? 'the usual words' : `“${text}”`;
}

/** `now` and the other policies, read after “a change counts for existing members”. */
export const POLICY_TEXT: Readonly<Record<Policy, string>> = {
  now: 'at once',
  nextTerm: 'from their next term',
  whileSubscribed: 'not as long as they stay subscribed',
  neverWorse: 'where it is better, as long as they stay subscribed',
};

/** A list of which the order has no meaning, such as `source`. */
export function asSet(list: readonly string[] | undefined): readonly string[] {
  return [...(list ?? [])].sort();
}

/** One name or several: the same list. */
export function asList(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === 'string' ? [names] : names;
}

/** The change of a value, or none where both are equal. `sentence` is only made where there is one. */
export function changed(
  place: Pick<Change, 'perk' | 'action' | 'tier'>,
  what: string,
  from: unknown,
  to: unknown,
  sentence: () => string,
  verdict: () => Verdict = () => 'neither',
): readonly Change[] {
  if (isDeepStrictEqual(from, to)) return [];
  return [{ ...place, what, from: from ?? null, to: to ?? null, verdict: verdict(), sentence: sentence() }];
}

/** The order of what both have: of things whose order means something, and of which some may be new or gone. */
export function orders(
  old: readonly string[],
  now: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const [before, after] = [new Set(old), new Set(now)];
  return [old.filter((each) => after.has(each)), now.filter((each) => before.has(each))];
}
