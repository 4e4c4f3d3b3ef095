import { pino } from 'pino';
import type { LogLevel } from '../config/config.ts';
import { withoutSecrets } from '../domain/hidden-secrets.ts';

/** Writes one line about something that is worth knowing. `level` is `info` where the entry has none. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

/** Whatever is called like this holds a secret, in an entry or one level down. */
const SECRET_NAMES = ['authorization', 'cookie', 'password', 'secret', 'token', 'apiKey', 'Authorization', 'Cookie'];

/**
 * JSON lines on stderr, those of `least` and above: `level`, `time`, `message`, what names the request where it is about one, and what
 * else the entry has.
 */
export function logger(least: LogLevel): Log {
  const lines = pino(
    {
      level: least,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: '…' },
    },
    // Written before the call returns, so that the last line before an end is not lost.
    process.stderr,
  );
  return ({ level, message, ...rest }) => {
    const entry = Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, typeof value === 'string' ? printable(value) : value]),
    );
    lines[levelIn(level)](entry, message === undefined ? undefined : printable(String(message)));
  };
}

/** Whatever comes after `Bearer`. */
const PASSED_ON = /\b((?:Bearer|Basic) )[\w.~+/=-]+/gi;
/** An address: all up to the next space, so that no text takes longer than it is long. */
const ADDRESS = /:\/\/\S+/g;

/** What a driver or a caller has put into a text is not ours to know: secrets are taken out wherever they are. */
function printable(text: string): string {
  return withoutSecrets(text).replaceAll(PASSED_ON, '$1…').replaceAll(ADDRESS, withoutPassword);
}

/** The password in `://app:password@host`: up to the last `@`, because it may have any other character in it. */
function withoutPassword(address: string): string {
  const from = address.indexOf(':', 1) + 1;
  const until = address.lastIndexOf('@');
  return from > 0 && from < until ? `${address.slice(0, from)}…${address.slice(until)}` : address;
}

function levelIn(level: unknown): LogLevel {
  switch (level) {
    case 'debug':
    case 'warn':
    case 'error':
      return level;
    default:
      return 'info';
  }
}
