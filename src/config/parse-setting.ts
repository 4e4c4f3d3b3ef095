import { BadMask, parseMask } from '../domain/mask.ts';

/** What the text of a setting means; undefined where it means nothing. The texts of variables and of lines in a file are the same. */

export function portIn(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

export function hostIn(text: string): string | undefined {
  const isIpv6 = /^[\da-fA-F:.]+(%\w+)?$/.test(text) && text.split(':').length > 2;
  return isIpv6 || /^[A-Za-z\d]([A-Za-z\d._-]*[A-Za-z\d])?$/.test(text) ? text : undefined;
}

export function mongodbUriIn(text: string): string | undefined {
  return /^mongodb(\+srv)?:\/\/[^\s/]/.test(text) ? text : undefined;
}

export function pathIn(text: string): string | undefined {
  return text.trim() === '' || text.includes('\0') ? undefined : text;
}

/** `0.5%` or `0.005`. */
export function shareIn(text: string): number | undefined {
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,9})?)(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}

export function onOrOff(text: string): boolean | undefined {
  return text === 'on' ? true : text === 'off' ? false : undefined;
}

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `60s`, `5m`, `2h`, `30d`, as milliseconds; a plain number is one of seconds. */
export function durationIn(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.round(Number(number) * (MS[unit] ?? 0));
}

export function daysIn(text: string): number | undefined {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3650 ? days : undefined;
}

/** `600/60s`: so many requests in so long. */
export function rateIn(text: string): { readonly requests: number; readonly perSeconds: number } | undefined {
  const [, number, per = ''] = /^(\d{1,9})\/(\S+)$/.exec(text) ?? [];
  const perSeconds = (durationIn(/^[a-z]/.test(per) ? `1${per}` : per) ?? 0) / 1_000;
  const requests = Number(number);
  return requests >= 1 && perSeconds >= 1 && perSeconds <= 86_400 ? { requests, perSeconds } : undefined;
}

/** An address without a query, and without a `/` at its end. */
export function urlIn(text: string): string | undefined {
  const url = httpUrlIn(text);
  return url?.search === '' ? url.href.replace(/\/+$/, '') : undefined;
}

/** An address whose answers are believed: nobody on the way may change them. As it is written: a `/` at its end may mean something there. */
export function trustedUrlIn(text: string): string | undefined {
  const url = httpUrlIn(text);
  if (url === undefined) return undefined;
  return url.protocol === 'https:' || /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(url.hostname) ? text : undefined;
}

function httpUrlIn(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hash !== '') return undefined;
  return url.username === '' && url.password === '' ? url : undefined;
}

/** A list in a file may be empty; a variable that is empty counts as absent. */
export function listIn(item: (text: string) => string | undefined): (text: string) => readonly string[] | undefined {
  return (text) => {
    if (text === '') return [];
    const items = text.split(',').map((each) => item(each.trim()));
    return items.every((each) => each !== undefined) ? items : undefined;
  };
}

/** `https://app.example`, as browsers send it. */
export function originIn(text: string): string | undefined {
  return URL.canParse(text) && new URL(text).origin === text ? text : undefined;
}

/** `input.prompt`, `context.*`, `user.attributes.email` */
export function maskIn(text: string): string | undefined {
  try {
    return parseMask(text).text;
  } catch (error) {
    if (error instanceof BadMask) return undefined;
    throw error;
  }
}

export function textIn(text: string): string | undefined {
  return /^[\x21-\x7e]{1,512}$/.test(text) ? text : undefined;
}

export function oneOf<const T extends string>(values: readonly T[]): (text: string) => T | undefined {
  return (text) => values.find((value) => value === text);
}
