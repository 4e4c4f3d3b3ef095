import type { AskOptions, CallOptions } from './perkbook.ts';
import { misuse } from './perkbook-error.ts';

// What a call must be. Each throws `misuse`: a slip is found before anything is sent.

/** That it is about something, and about now: another instant is asked for on purpose, or not at all. Forwarded by accident it would let a user choose the day. */
export function requireNow(about: { readonly at?: string }, { allowAt = false }: CallOptions): void {
  requireObject(about);
  if (about.at !== undefined && !allowAt)
    throw misuse('the question has an `at`; to ask about another instant than now, say `allowAt: true`');
}

export function requireObject(about: unknown): void {
  if (typeof about === 'object' && about !== null && !Array.isArray(about)) return;
  const found = Array.isArray(about) ? 'a list' : `\`${String(about)}\``;
  throw misuse(`a call is about an object such as \`{ user, action }\`, not ${found}`);
}

export function requireList(questions: unknown): void {
  if (!Array.isArray(questions)) throw misuse('`mayAll` asks a list of questions');
}

export function orElseIn({ orElse }: AskOptions): AskOptions['orElse'] {
  if (orElse === undefined || orElse === 'allow' || orElse === 'deny') return orElse;
  throw misuse(`\`orElse\` must be \`allow\` or \`deny\`, not \`${String(orElse)}\``);
}
