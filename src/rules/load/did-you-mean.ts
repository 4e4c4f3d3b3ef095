import { distance } from 'fastest-levenshtein';

/** How many names are looked at: a suggestion must not cost more than the check itself. */
const MOST_CANDIDATES = 20_000;

/** The candidate that is nearly `word`, if one is: a slip of the finger, another case, `-` for `_`. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  // A third of the letters may differ; of a very short word, one.
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = most + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (++looked > MOST_CANDIDATES) break;
    if (candidate === word) continue;
    const other = plain(candidate);
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const apart = distance(wanted, other);
    if (apart < least && apart < Math.max(wanted.length, other.length)) {
      least = apart;
      best = candidate;
    }
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[\s-]+/g, '_');
}

/** `a`, `b` or `c`: names as a message lists them; at most ten. */
export function listed(names: Iterable<string>, last: 'or' | 'and' = 'or'): string {
  const all = [...names];
  const shown = all.slice(0, 10).map((name) => `\`${name}\``);
  if (all.length > shown.length) return `${shown.join(', ')} …`;
  const end = shown.pop() ?? '';
  return shown.length === 0 ? end : `${shown.join(', ')} ${last} ${end}`;
}
