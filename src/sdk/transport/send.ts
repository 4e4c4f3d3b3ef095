import { misuse, PerkbookError } from '../perkbook-error.ts';
import { checkedKey, type Settings } from '../settings.ts';
import type { Crowd } from './crowd.ts';
import type { FetchResponse } from './fetch.ts';
import { pause } from './pause.ts';
import { retryAfterIn, retryDelay } from './retry-delay.ts';

export interface Message {
  readonly method: 'GET' | 'POST';
  /** From the base URL, with a slash before it. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Sends a message until it is answered: a server that is busy or away and a lost connection are tried again, a few times, as long as somebody
 * waits. INVARIANT: whatever is sent may arrive twice, since an answer can be lost; every message is a question, or carries a key under which
 * it counts once. Throws `PerkbookError`s.
 */
export async function send(message: Message, crowd: Crowd, settings: Settings): Promise<Json> {
  for (let attempt = 0; ; attempt++) {
    await settings.breather.take(crowd);
    try {
      return await attemptOf(message, crowd.signal, settings);
    } catch (error) {
      if (!(error instanceof PerkbookError)) throw error;
      settings.breather.note(error);
      if (!isPassing(error) || attempt >= settings.retries) throw error;
      const delay = retryDelay(attempt, error.retryAfter);
      // Nobody would be there to hear it: what is known now is worth more than a time-out.
      if (crowd.isGone || performance.now() + delay >= crowd.deadline) throw error;
      await pause(delay, crowd.signal);
    }
  }
}

/** Busy, or away: 502 and 504 are a proxy's words for a lost connection. */
function isPassing({ kind, isOutage, status = 0 }: PerkbookError): boolean {
  return isOutage && (kind === 'network' || [429, 502, 503, 504].includes(status));
}

async function attemptOf({ method, path, body }: Message, signal: AbortSignal, settings: Settings): Promise<Json> {
  const { baseUrl, fetch } = settings;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const key = await keyOf(settings);
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
  if (signal.aborted) throw goneFrom();
  let response: FetchResponse;
  let text: string;
  try {
    response = await fetch(baseUrl + path, {
      method,
      headers,
      signal,
      // A question that is sent on elsewhere would take the key with it.
      redirect: 'manual',
      cache: 'no-store',
      ...(body === undefined ? {} : { body }),
    });
    text = await response.text();
  } catch (cause) {
    if (signal.aborted) throw goneFrom(cause);
    throw new PerkbookError('network', `\`${baseUrl}\` cannot be reached: ${reasonOf(cause)}`, { cause });
  }
  const json = objectIn(text);
  if (!response.ok) throw problemOf(baseUrl, response, json);
  if (json !== undefined) return json;
  const { status } = response;
  throw new PerkbookError('network', `\`${baseUrl}\` does not answer with a JSON object: is it Perkbook?`, { status });
}

function goneFrom(cause?: unknown): PerkbookError {
  return new PerkbookError('aborted', 'nobody waits for the answer any more', { cause });
}

/** The key of this moment. One that cannot be had is no outage of Perkbook: who has no key is not let in by a fallback. */
async function keyOf({ apiKey }: Settings): Promise<string | undefined> {
  if (typeof apiKey !== 'function') return apiKey;
  try {
    return checkedKey(await apiKey());
  } catch (cause) {
    throw misuse(`\`apiKey\` gave no key: ${reasonOf(cause)}`, cause);
  }
}

function problemOf(baseUrl: string, { status, headers }: FetchResponse, json: Json = {}): PerkbookError {
  // A browser shows nothing of a redirect, not even its status.
  if (status < 400) {
    const to = headers.get('location');
    const where = to === null ? 'elsewhere' : `to \`${to}\``;
    const message = `\`${baseUrl}\` sends its callers ${where}; give the address of the server itself`;
    return new PerkbookError('problem', message, { status });
  }
  const fields = problemFieldsIn(json);
  // Every problem of Perkbook has a code; a proxy before it may refuse without one, but does not know what is there.
  const isElsewhere = status === 404 && fields.code === undefined;
  const answered = `\`${baseUrl}\` answered with status ${status}`;
  const detail = isElsewhere
    ? `${answered}, and not as Perkbook would: is the address right?`
    : (textIn(json, 'detail') ?? answered);
  return new PerkbookError('problem', detail, {
    status,
    ...fields,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: retryAfterIn(headers),
  });
}

/** What a problem document says beside its status. */
export function problemFieldsIn(json: Json) {
  return { code: textIn(json, 'code'), field: textIn(json, 'field'), didYouMean: textIn(json, 'didYouMean') };
}

export function textIn(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
}

/** `fetch` itself only says that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
