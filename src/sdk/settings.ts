import { misuse, type PerkbookError } from './perkbook-error.ts';
import { Absence } from './transport/absence.ts';
import { Breather } from './transport/breather.ts';
import type { Fetch } from './transport/fetch.ts';

/** How a client is made. Times are milliseconds. */
export interface PerkbookOptions {
  /** Where Perkbook is: `https://perkbook.example`, also with a path. */
  readonly baseUrl: string;
  /**
   * An API key or a bearer token; or what gives one that is good now, asked before each request, and once more where that one is
   * refused. All of them are keys of one caller, because what is remembered belongs to one.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Instead of the platform's own. */
  readonly fetch?: Fetch | undefined;
  /** How long a call may take, with all its retries: 2,000 when absent. */
  readonly timeout?: number | undefined;
  /**
   * How long one attempt may take before it is given up and another one made, if time is left for it: half of the call's time-out
   * when absent, and at least 600.
   */
  readonly attemptTimeout?: number | undefined;
  /**
   * How often a request is sent again, at most: 2 when absent. Unless it is 0, a server to which no connection can be made is looked
   * for besides, because it may be starting again: for 10 seconds, as long as a call has time.
   */
  readonly retries?: number | undefined;
  /** How long a decision is remembered, at most: 30,000 when absent. 0: never. */
  readonly maxAge?: number | undefined;
  /** How many decisions are remembered, at most: 10,000 when absent. With 1,600 characters each, on average. */
  readonly maxRemembered?: number | undefined;
  /**
   * Told of every call that Perkbook could not answer, whatever becomes of it: a fallback, a guard's 503, an error. For a log; what it throws changes
   * nothing.
   */
  readonly onOutage?: ((error: PerkbookError) => void) | undefined;
}

export interface Settings {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: PerkbookOptions['apiKey'];
  readonly fetch: Fetch;
  readonly timeout: number;
  readonly attemptTimeout: number | undefined;
  readonly retries: number;
  readonly maxAge: number;
  readonly maxRemembered: number;
  readonly onOutage: PerkbookOptions['onOutage'];
  /** One of each for all calls of the client. */
  readonly breather: Breather;
  readonly absence: Absence;
}

const DEFAULTS = { timeout: 2_000, retries: 2, maxAge: 30_000, maxRemembered: 10_000 } as const;
/** Timers know no longer time. */
export const LONGEST_MS = 2 ** 31 - 1;

/** Throws `misuse` for what cannot be meant: a setting that is not understood must not turn out to be none. */
export function settingsFrom(options: PerkbookOptions): Settings {
  const { apiKey, attemptTimeout } = options;
  const number = (name: keyof typeof DEFAULTS, least: number, most: number) =>
    numberIn(name, options[name] ?? DEFAULTS[name], least, most);
  return {
    baseUrl: baseUrlIn(options.baseUrl),
    apiKey: apiKey === undefined || typeof apiKey === 'function' ? apiKey : checkedKey(apiKey),
    // Looked up with each call, and called without a `this`: browsers insist on their own.
    fetch: options.fetch ?? ((url, request) => globalThis.fetch(url, request)),
    timeout: number('timeout', 1, LONGEST_MS),
    attemptTimeout:
      attemptTimeout === undefined ? undefined : numberIn('attemptTimeout', attemptTimeout, 1, LONGEST_MS),
    retries: number('retries', 0, 10),
    maxAge: number('maxAge', 0, LONGEST_MS),
    maxRemembered: number('maxRemembered', 0, Number.MAX_SAFE_INTEGER),
    onOutage: listenerIn(options.onOutage),
    breather: new Breather(),
    absence: new Absence(),
  };
}

/** Throws `misuse` for a number outside of its range, or none at all. */
export function numberIn(name: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw misuse(`\`${name}\` must be a number from ${least} to ${most}, not \`${String(value)}\``);
}

function listenerIn(listener: PerkbookOptions['onOutage']): PerkbookOptions['onOutage'] {
  if (listener === undefined || typeof listener === 'function') return listener;
  throw misuse('`onOutage` must be a function');
}

function baseUrlIn(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw misuse(`\`baseUrl\` must be an address such as \`https://perkbook.example\`, not \`${String(text)}\``);
  if (url.username !== '' || url.password !== '')
    throw misuse('`baseUrl` has a user or a password in it; give a key as `apiKey` instead');
  const address = url.href.replace(/\/+$/, '');
  if (address.endsWith('/v1')) throw misuse(`leave \`/v1\` out of \`baseUrl\`: write \`${address.slice(0, -3)}\``);
  return address;
}

/** Throws `misuse` for what cannot be a key. It is never shown: errors are logged somewhere. */
export function checkedKey(key: unknown): string {
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)) return key;
  throw misuse('`apiKey` must be a text without spaces; is the variable that it comes from set?');
}
