import { distance } from 'fastest-levenshtein';

/** How many names are looked at: a suggestion must not cost more than the check itself. */
const MOST_CANDIDATES = 5_000;

/** The candidate that is nearly `word`, if one is: a slip of the finger, another case, `-` for `_`. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  // A word longer than any name is no slip, and comparing it would take time.
  const wanted = plain(word.slice(0, 300));
  // A third of the letters may differ; in a very short word, none: every other one would be near.
  const most = wanted.length < 3 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = most + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > MOST_CANDIDATES) break;
    if (candidate === word) continue;
    const other = plain(candidate);
    // `R19` is no slip for `R18`: with another number it is another name.
    if (other !== wanted && digitless(other) === digitless(wanted)) continue;
    if (best === undefined && isBeginning(wanted, other)) best = candidate;
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const apart = isSwapped(wanted, other) ? 1 : distance(wanted, other);
    if (apart < least && apart < Math.max(wanted.length, other.length)) {
      least = apart;
      best = candidate;
    }
  }
  return best;
}

/** `int` for `integer`, `ad` for `add`. */
function isBeginning(word: string, whole: string): boolean {
  return whole.startsWith(word) && (word.length >= 3 || whole.length === word.length + 1);
}

/** The same letters in nearly the same order: `trem` for `term`. */
function isSwapped(a: string, b: string): boolean {
  return a.length === b.length && distance(a, b) === 2 && [...a].sort().join('') === [...b].sort().join('');
}

function digitless(word: string): string {
  return word.replace(/\d+/g, '0');
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s-]+/g, '_');
}
