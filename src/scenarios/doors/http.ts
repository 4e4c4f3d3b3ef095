import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { Asked } from '../compile/scenario.ts';
import type { Door, DoorReply, DoorRequest, Json } from '../replay/door.ts';

const WITHIN_MS = 30_000;

export interface HttpDoorOptions {
  readonly withinMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running server, started with `PERKBOOK_TEST_CLOCK`: the scenarios set its clock. Whatever store it has. */
export class HttpDoor implements Door {
  readonly name: string;
  readonly #base: string;
  readonly #withinMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  #now: Instant | undefined;
  /** What the clock said before it was first set. */
  #found: unknown;

  /** `withinMs`: how long the server may take over each answer; `headers`: what goes with every request. */
  constructor(baseUrl: string, { withinMs = WITHIN_MS, headers = {} }: HttpDoorOptions = {}) {
    this.#withinMs = withinMs;
    this.#headers = headers;
    this.#base = baseUrl.replace(/\/+$/, '');
    this.name = this.#base;
  }

  async send(request: DoorRequest, at: Instant): Promise<DoorReply> {
    await this.#travelTo(at);
    const member = `/v1/members/${encodeURIComponent(request.user)}`;
    switch (request.kind) {
      case 'put':
        return this.#call('PUT', member, request.facts);
      case 'remove':
        return this.#call('DELETE', member);
      case 'ask':
        return this.#call('POST', '/v1/decisions', { user: request.user, ...request.question });
      case 'consume':
        return this.#call('POST', `${member}/consume`, { ...request.question, idempotencyKey: request.key });
      case 'release':
        return this.#call('POST', `${member}/release`, { idempotencyKey: request.key });
      case 'perks':
        return this.#call('GET', `${member}/perks`);
      case 'preview':
        return this.#call('GET', `${member}/cancellation-preview`);
    }
  }

  async explain(user: string, question: Asked, at: Instant): Promise<DoorReply> {
    await this.#travelTo(at);
    return this.#call('POST', '/v1/decisions/explain', { user, ...question });
  }

  async leave(): Promise<void> {
    const now = this.#found;
    if (now === undefined) return;
    this.#now = undefined;
    this.#found = undefined;
    await this.#call('PUT', '/v1/clock', { now });
  }

  async #travelTo(at: Instant): Promise<void> {
    if (at === this.#now) return;
    if (this.#found === undefined) {
      const clock = await this.#call('GET', '/v1/clock');
      if (clock.ok) this.#found = clock.body.now;
    }
    const reply = await this.#call('PUT', '/v1/clock', { now: formatInstant(at) });
    if (!reply.ok) {
      throw new Error(
        `the clock of ${this.#base} cannot be set (${reply.detail}): start the server with \`PERKBOOK_TEST_CLOCK=2026-01-01T00:00:00Z\``,
      );
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

  async #answerOf(
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ readonly status: number; readonly ok: boolean; readonly text: string }> {
    try {
      const response = await fetch(this.#base + path, {
        method,
        signal: AbortSignal.timeout(this.#withinMs),
        // What another server says is not what this one does.
        redirect: 'manual',
        headers: { ...this.#headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, ok: response.ok, text: await response.text() };
    } catch (cause) {
      throw new Error(`${method} ${this.#base}${path} was not answered: ${whyNot(cause, this.#withinMs)}`, { cause });
    }
  }
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
