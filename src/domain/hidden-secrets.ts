/** An API key from its secret part on, and a JWT. Looser than their exact forms: half a key is hidden, too. */
const SECRETS = /\b(pk_[0-9a-z]{10}_)[0-9A-Za-z]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*/g;

/** The text without the keys and bearers that somebody has put into it: for whatever is written down. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(SECRETS, (_, id: string | undefined) => `${id ?? 'eyJ'}…`);
}

export function hasSecret(text: string): boolean {
  // The expression has a state, because it is one for many matches.
  SECRETS.lastIndex = 0;
  return SECRETS.test(text);
}
