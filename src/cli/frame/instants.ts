import { type Instant, meantInstant, parseInstant } from '../../domain/instant.ts';
import { WrongUse } from './errors.ts';

/** The value of an option that is an instant; `now` is one, too. */
export function instantOf(option: string, text: string): Instant {
  const at = text === 'now' ? Date.now() : parseInstant(text);
  if (at !== undefined) return at;
  const message = `\`--${option} ${text}\` is no instant; write it like \`2026-11-22T10:00:00Z\``;
  throw new WrongUse(message, meantInstant(text));
}
