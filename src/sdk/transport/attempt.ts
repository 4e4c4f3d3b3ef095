import { PerkbookError } from '../perkbook-error.ts';
import type { Settings } from '../settings.ts';
import type { FetchResponse } from './fetch.ts';
import { reasonOf } from './reason-of.ts';
import { retryAfterIn } from './retry-delay.ts';

export interface Message {
  readonly method: 'GET' | 'POST';
  /** From the base URL, with a slash before it. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

export type Json = Readonly<Record<string, unknown>>;

/**
 * Sends a message once, and reads the answer. `signal`: aborted when nobody waits for this one any more. Throws `PerkbookError`s.
 */
export async function attemptOf(
  { method, path, body }: Message,
  key: string | undefined,
  signal: AbortSignal,
  { baseUrl, fetch }: Settings,
): Promise<Json> {
  if (signal.aborted) throw goneFrom();
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers.authorization = `Bearer ${key}`;
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

function objectIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
