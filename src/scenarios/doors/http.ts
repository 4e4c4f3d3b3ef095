import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { Asked } from '../compile/scenario.ts';
import type { Door, DoorReply, DoorRequest, Json } from '../replay/door.ts';
import { fromEvaluation, toEvaluation } from './as-subject.ts';

const WITHIN_MS = 30_000;

export interface HttpDoorOptions {
  /** How long the server may take over each answer. */
  readonly withinMs?: number;
  /** Absent or empty: the server asks nobody for one. */
  readonly apiKey?: string | undefined;
}

/** What a header can hold: `fetch` repeats any other in its error, and a key is not to be shown. */
const KEY = /^[\x21-\x7E]+$/;
/** Who asks is not known, or may not do this. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden']);

/** A running server, started with `PERKBOOK_TEST_CLOCK`: the scenarios set its clock. Whatever store it has. */
export class HttpDoor implements Door {
  readonly name: string;
  readonly #base: string;
  readonly #withinMs: number;
  readonly #apiKey: string;
  #now: Instant | undefined;
  /** What the clock said before it was first set. */
  #found: unknown;
  readonly #written = new Set<string>();
  /** Who could not be taken away, and why. */
  readonly #left = new Map<string, string>();

  constructor(baseUrl: string, { withinMs = WITHIN_MS, apiKey = '' }: HttpDoorOptions = {}) {
    this.#withinMs = withinMs;
    this.#apiKey = apiKey;
    this.#base = baseUrl.replace(/\/+$/, '');
    this.name = this.#base;
  }

  async send(request: DoorRequest, at: Instant): Promise<DoorReply> {
    await this.#travelTo(at);
    const member = memberPath(request.user);
    switch (request.kind) {
      case 'put':
        return this.#writing(request.user, this.#call('PUT', member, request.facts));
      case 'remove':
        this.#written.delete(request.user);
        return this.#call('DELETE', member);
      case 'ask':
        return this.#ask(request);
      case 'consume':
        return this.#writing(
          request.user,
          this.#call('POST', `${member}/consume`, { ...request.question, idempotencyKey: request.key }),
        );
      case 'release':
        return this.#call('POST', `${member}/release`, { idempotencyKey: request.key });
      case 'perks':
        return this.#call('GET', `${member}/perks`);
      case 'preview':
        return this.#call('GET', `${member}/cancellation-preview`);
    }
  }

  async #ask({ user, as: type, question }: Extract<DoorRequest, { kind: 'ask' }>): Promise<DoorReply> {
    if (type === undefined) return this.#call('POST', '/v1/decisions', { user, ...question });
    return fromEvaluation(
      await this.#call('POST', '/access/v1/evaluation', toEvaluation(question, { type, id: user })),
    );
  }

  async explain(user: string, question: Asked, at: Instant): Promise<DoorReply> {
    await this.#travelTo(at);
    return this.#call('POST', '/v1/decisions/explain', { user, ...question });
  }

  async forget(): Promise<void> {
    const users = [...this.#written];
    this.#written.clear();
    const forgotten = users.map(async (user) => {
      const why = await this.#refusalOf('DELETE', memberPath(user));
      if (why !== undefined) this.#left.set(user, why);
    });
    await Promise.all(forgotten);
  }

  async leave(): Promise<string | undefined> {
    const left: string[] = [];
    const [[user, why] = [], ...others] = this.#left;
    this.#left.clear();
    if (user !== undefined) {
      const who = others.length === 0 ? `\`${user}\` is` : `\`${user}\` and ${others.length} more are`;
      left.push(`${who} still in the store of ${this.#base}: ${why}`);
    }
    const now = this.#found;
    if (now !== undefined) {
      this.#now = undefined;
      this.#found = undefined;
      const why = await this.#refusalOf('PUT', '/v1/clock', { now });
      if (why !== undefined) left.push(`the clock of ${this.#base} no longer says ${now}: ${why}`);
    }
    return left.length === 0 ? undefined : left.join('; ');
  }

  /** Where there is no answer, the user may have been written all the same. */
  async #writing(user: string, call: Promise<DoorReply>): Promise<DoorReply> {
    const isNew = !this.#written.has(user);
    this.#written.add(user);
    const reply = await call;
    if (isNew && !reply.ok) this.#written.delete(user);
    return reply;
  }

  /** Undefined where it was done. */
  async #refusalOf(method: string, path: string, body?: unknown): Promise<string | undefined> {
    try {
      const reply = await this.#call(method, path, body);
      return reply.ok ? undefined : reply.detail;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async #travelTo(at: Instant): Promise<void> {
    if (at === this.#now) return;
    if (this.#found === undefined) {
      const clock = await this.#call('GET', '/v1/clock');
      if (clock.ok) this.#found = clock.body.now;
    }
    const reply = await this.#call('PUT', '/v1/clock', { now: formatInstant(at) });
    if (!reply.ok) {
      const remedy = NOT_ALLOWED.has(reply.code)
        ? 'PERKBOOK_API_KEY is the key that is sent, and needs the scope `admin`'
        : 'start the server with `PERKBOOK_TEST_CLOCK=2026-01-01T00:00:00Z`';
      throw new Error(`the clock of ${this.#base} cannot be set (${reply.detail}): ${remedy}`);
    }
    this.#now = at;
  }

  async #call(method: string, path: string, body?: unknown): Promise<DoorReply> {
    const asked = `${method} ${this.#base}${path}`;
    const { status, ok, text } = await this.#answerOf(method, path, body);
    const json = parsed(text);
    if (ok && (json !== undefined || text === '')) return { ok: true, body: json ?? {} };
    if (ok || typeof json?.code !== 'string') throw new Error(`${asked} answered ${status}: ${text.slice(0, 200)}`);
    return {
      ok: false,
      code: json.code,
      field: typeof json.field === 'string' ? json.field : undefined,
      detail: typeof json.detail === 'string' ? json.detail : `status ${status}`,
    };
  }

  get #credentials(): Readonly<Record<string, string>> {
    if (this.#apiKey === '') return {};
    if (KEY.test(this.#apiKey)) return { Authorization: `Bearer ${this.#apiKey}` };
    throw new Error('PERKBOOK_API_KEY is no key: it has a character that no key has, such as a space');
  }

  async #answerOf(
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly ok: boolean; readonly text: string }> {
    const credentials = this.#credentials;
    try {
      const response = await fetch(this.#base + path, {
        method,
        signal: AbortSignal.timeout(this.#withinMs),
        // What another server says is not what this one does.
        redirect: 'manual',
        headers: { ...credentials, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, ok: response.ok, text: await response.text() };
    } catch (cause) {
      throw new Error(`${method} ${this.#base}${path} was not answered: ${whyNot(cause, this.#withinMs)}`, { cause });
    }
  }
}

function memberPath(user: string): string {
  return `/v1/members/${encodeURIComponent(user)}`;
}

/** `fetch` itself only says that it failed. */
function whyNot(error: unknown, withinMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `not within ${withinMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
