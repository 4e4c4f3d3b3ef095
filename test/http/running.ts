import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { configFrom } from '../../src/config/config-from.ts';
import type { Log } from '../../src/log/logger.ts';
import { type Started, startServer } from '../../src/wiring/start-server.ts';
import { describedBy } from '../openapi/conformance.ts';

export const NOON = '2026-11-22T12:00:00.000Z';

/** An answer, read whole. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they check
  readonly json: any;
}

export interface Running extends Started {
  /** Sends JSON (or a text as it is) and reads the answer. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Got>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Got>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Got>;
}

/** A server on a free port with a store of its own and, unless `config` says otherwise, a test clock at `NOON`. */
export async function run(config: Partial<Config> = {}, log?: Log): Promise<Running> {
  const data = mkdtempSync(join(tmpdir(), 'perkbook-http-'));
  // Without the scenarios of this project: what tests publish breaks its promises on purpose.
  const here = { ...configFrom({ PORT: '0', PERKBOOK_TEST_CLOCK: NOON }), data, fixtures: undefined };
  const started = await startServer({ ...here, ...config }, log);
  const described = await describedBy(started.address);
  // Whatever a test asks for, the answer is as the server describes it.
  const send: Running['send'] = async (method, path, body, headers) => {
    const got = await request(started.address + path, method, body, headers);
    const faults = described.faultsOf(method, path, got);
    if (faults.length > 0) throw new Error(`the description says otherwise: ${faults.join('\n')}`);
    return got;
  };
  return {
    ...started,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    close: async (options) => {
      await started.close(options);
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Got> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** A month of Starter around `NOON`. */
export const STARTER_TERM = {
  id: 'sub_1',
  tier: 'starter',
  channel: 'web',
  startsAt: '2026-11-10T00:00:00.000Z',
  endsAt: '2026-12-10T00:00:00.000Z',
} as const;

export const SIX_LORAS = {
  user: 'sam',
  action: 'generation.create',
  input: { loras: 6, width: 1024, height: 1024 },
} as const;
