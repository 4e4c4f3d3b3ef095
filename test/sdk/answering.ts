import nock from 'nock';
import { Perkbook, type PerkbookOptions } from '../../src/sdk/client.ts';
import { answeredByNockAlone } from '../support/nock-alone.ts';

// Importing it is enough to catch what all tests of a run send: only these want that.
nock.restore();

export const SERVER = 'http://perkbook.test:8080';

/** How many requests may be under way together: what catches one is used up by it until it has been read. */
const AT_ONCE = 40;

export const TURBO = { user: 'sam', action: 'generation.turbo' } as const;

export interface Sent {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into questions whose shape is what they check
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delay?: number;
  /** Instead of an answer. */
  readonly lost?: true;
}

/** Catches what is sent from here on, in the tests of this file; nothing gets out. */
export function catchRequests(): void {
  answeredByNockAlone();
}

/** From now on answers every request, the nth (from 0) as `replyTo` says, and tells what was sent. */
export function answering(replyTo: (sent: Sent, n: number) => Reply): readonly Sent[] {
  nock.cleanAll();
  const sent: Sent[] = [];
  const catchNext = (method: 'get' | 'post') => {
    nock(SERVER)
      [method](/.*/)
      .reply(function (path, body, done) {
        const each: Sent = { method: method.toUpperCase(), path, body, headers: plain(this.req.headers) };
        const n = sent.push(each) - 1;
        catchNext(method);
        const { status = 200, body: answer = answersTo(each), headers = {}, delay = 0, lost } = replyTo(each, n);
        const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
        setTimeout(() => {
          if (lost) done(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), [0]);
          else done(null, [status, text, headers]);
        }, delay);
      });
  };
  for (let i = 0; i < AT_ONCE; i++) {
    catchNext('get');
    catchNext('post');
  }
  return sent;
}

function plain(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** What Perkbook would say, roughly: everything is allowed, for a day. */
export function answersTo({ path, body }: Pick<Sent, 'path' | 'body'>): unknown {
  if (path === '/v1/decisions') return allowed(body);
  if (path === '/v1/decisions/batch') return { decisions: body.questions.map(allowed) };
  if (path.endsWith('/consume')) return { ...allowed({ user: 'sam', ...body }), consumed: 1, after: {}, revision: 7 };
  if (path.endsWith('/release')) return { user: 'sam', ...body, released: 1, alreadyReleased: false, revision: 8 };
  return { user: 'sam', perks: {}, actions: {}, degraded: false };
}

export interface AllowedFields {
  readonly validUntil?: string | null;
  readonly degraded?: boolean;
  readonly at?: string;
}

/** Far from the clock here, as every clock of a server may be. */
export const SERVER_NOW = '2031-05-01T12:00:00.000Z';

export function allowed(
  { user, action }: { readonly user: string; readonly action: string },
  { at = SERVER_NOW, validUntil = '2031-05-02T12:00:00.000Z', degraded = false }: AllowedFields = {},
): object {
  return {
    id: '01M83R6MYB6R3QGHF73ATFX9Y7',
    decision: 'allow',
    user,
    action,
    at,
    tier: 'pro',
    membership: 'active',
    values: { turbo_mode: { included: true } },
    validUntil,
    ruleSet: { id: 'club', version: 1, digest: 'sha256:0' },
    degraded,
  };
}

export const LATER = (ms: number) => new Date(Date.parse(SERVER_NOW) + ms).toISOString();

/** A client of the caught server that waits between attempts as briefly as may be. */
export function client(options: Partial<PerkbookOptions> = {}): Perkbook {
  return new Perkbook({ baseUrl: SERVER, ...options });
}

export const problem = (status: number, code: string, detail = code) => ({
  status,
  body: { type: `urn:perkbook:problem:${code}`, title: code, status, detail, code },
});

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
