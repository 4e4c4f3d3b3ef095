import { didYouMean } from '../../../domain/did-you-mean.ts';

/** What people write who mean one of our words. */
const SYNONYMS: Readonly<Record<string, string>> = {
  freez: 'frozen',
  freeze: 'frozen',
  freezes: 'frozen',
  freezed: 'frozen',
  keep: 'keeps',
  stays: 'keeps',
  ends: 'loses',
  lost: 'loses',
  free: 'freeLevel',
  monthly: 'month',
  daily: 'day',
};

/** The word that was most likely meant: the nearest one, or one of the same meaning. */
export function meantBy(written: string, allowed: readonly string[]): string | undefined {
  const synonym = Object.hasOwn(SYNONYMS, written) ? SYNONYMS[written] : undefined;
  return didYouMean(written, allowed) ?? (synonym !== undefined && allowed.includes(synonym) ? synonym : undefined);
}
