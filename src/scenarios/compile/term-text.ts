import type { Instant } from '../../domain/instant.ts';
import { CHANNELS, type Channel } from '../../domain/member.ts';
import { DURATION_FORM, INSTANT_FORM, parseDuration, parseTime } from './time-text.ts';

/** A term as it is written in words. */
export interface WrittenTerm {
  readonly tier: string;
  readonly channel: Channel;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly cancelledAt?: Instant;
  readonly autoRenew?: boolean;
}

export const TERM_FORM = '`starter from 2026-11-01 until 2026-12-01`, or `pro on ios for 1 month`';

const TERM = /^(\S+)(?: on (\S+))?(?: from (.+?))?(?: (until|for) (.+?))?(?:,? cancelled (.+?))?(,? renewing)?$/;

/**
 * `<tier> [on <channel>] [from <instant>] until <instant>` or `for <duration>`, then `cancelled <instant>`, then `renewing`.
 * `now`: when it starts if it does not say; `end`: when it ends if it does not say. Returns what is wrong as a text.
 */
export function parseTermText(text: string, now?: Instant, end?: Instant): WrittenTerm | string {
  const match = TERM.exec(text.trim());
  if (match === null) return `\`${text}\` is no term: write ${TERM_FORM}`;
  const [, tier = '', channel = 'web', from, how, length = '', cancelled, renewing] = match;
  if (!(CHANNELS as readonly string[]).includes(channel))
    return `\`${channel}\` is no channel: write \`web\`, \`ios\` or \`android\``;
  const startsAt = from === undefined ? now : parseTime(from);
  if (startsAt === undefined)
    return from === undefined ? `\`${text}\` has no start: write ${TERM_FORM}` : noInstant(from);
  const endsAt = how === undefined ? end : how === 'for' ? parseDuration(length)?.(startsAt) : parseTime(length);
  if (endsAt === undefined) {
    if (how === undefined) return `\`${text}\` has no end: write ${TERM_FORM}`;
    return how === 'for' ? `\`${length}\` is no stretch of time: write ${DURATION_FORM}` : noInstant(length);
  }
  const cancelledAt = cancelled === undefined ? undefined : parseTime(cancelled);
  if (cancelled !== undefined && cancelledAt === undefined) return noInstant(cancelled);
  return {
    tier,
    channel: channel as Channel,
    startsAt,
    endsAt,
    ...(cancelledAt === undefined ? {} : { cancelledAt }),
    ...(renewing === undefined ? {} : { autoRenew: true }),
  };
}

export function noInstant(text: string): string {
  return `\`${text}\` is no instant: write ${INSTANT_FORM}`;
}
