/** An API key from its secret part on. Looser than its exact form: half a key is hidden, too. */
const KEY = /(pk_[0-9a-z]{10}_)[0-9A-Za-z]{8,}/g;
/** What a JWT may be in: all that has none of the characters that end one. */
const DOTTED = /[\w.-]{20,}/g;
/** Not within a word: `monkeyJungle` is none. */
const HEAD = /(?<![0-9A-Za-z])eyJ/;
const LEAST_HEAD = 11;
const LEAST_BODY = 8;

/**
 * The text without the keys and bearers that somebody has put into it: for whatever is written down.
 *
 * INVARIANT: takes a time in proportion to the length, whatever the text is: callers choose it. No expression here looks again from within
 * at what it has looked at.
 */
export function withoutSecrets(text: string): string {
  // Nearly always, and much sooner found out than by the expressions.
  if (!text.includes('pk_') && !text.includes('eyJ')) return text;
  return text
    .replaceAll(KEY, '$1…')
    .replaceAll(DOTTED, (dotted) => (dotted.includes('eyJ') ? withoutToken(dotted) : dotted));
}

export function hasSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}

/** Up to where a JWT begins: from there on all is of it. Two parts of three are one, too. */
function withoutToken(dotted: string): string {
  for (let from = 0, dot = dotted.indexOf('.'); dot !== -1; ) {
    const next = dotted.indexOf('.', dot + 1);
    const bodyEnd = next === -1 ? dotted.length : next;
    if (dot - from >= LEAST_HEAD && bodyEnd - dot > LEAST_BODY) {
      const head = dotted.slice(from, dot).search(HEAD);
      if (head !== -1 && dot - from - head >= LEAST_HEAD) return `${dotted.slice(0, from + head)}eyJ…`;
    }
    from = dot + 1;
    dot = next;
  }
  return dotted;
}
