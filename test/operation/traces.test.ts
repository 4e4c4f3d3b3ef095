import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, ROOT } from '../cli/run.ts';
import { request, SIX_LORAS } from '../http/running.ts';
import { until } from '../support/expecting.ts';

/** What somebody who runs Perkbook loads before it: the real SDK, with an exporter that prints. */
const SETUP = `
import { NodeTracerProvider, SimpleSpanProcessor } from '${import.meta.resolve('@opentelemetry/sdk-trace-node')}';
const exporter = {
  export: (spans, done) => {
    for (const { name, kind, attributes, status, parentSpanContext, spanContext } of spans)
      process.stdout.write('SPAN ' + JSON.stringify({ name, kind, attributes, status, parent: parentSpanContext, own: spanContext.call(spans[0]) }) + '\\n');
    done({ code: 0 });
  },
  shutdown: async () => {},
};
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
`;

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code: number };
  readonly parent?: { readonly traceId: string; readonly spanId: string };
  readonly own: { readonly traceId: string; readonly spanId: string };
}

type Line = Readonly<Record<string, unknown>>;

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` };

/** A server as somebody runs it who collects traces. */
class Traced {
  readonly #folder = mkdtempSync(join(tmpdir(), 'perkbook-traces-'));
  readonly #child: ReturnType<typeof spawn>;
  #out = '';
  #log = '';

  constructor(env: Readonly<Record<string, string>> = {}) {
    writeFileSync(join(this.#folder, 'tracing.mjs'), SETUP);
    const { PATH = '' } = process.env;
    const data = join(this.#folder, 'data');
    const NODE_OPTIONS = `--import ${join(this.#folder, 'tracing.mjs')}`;
    this.#child = spawn(process.execPath, [PROGRAM, 'serve'], {
      cwd: ROOT,
      env: { PATH, NODE_OPTIONS, PORT: '0', PERKBOOK_DATA: data, PERKBOOK_LOG_LEVEL: 'debug', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#out += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
  }

  /** Once it listens. */
  async address(): Promise<string> {
    const found = () => /http:\S+/.exec(this.#out)?.[0] ?? '';
    await until(() => found() !== '');
    return found();
  }

  /** The spans of the requests with this id, once they are there. */
  async spansOf(id: string): Promise<readonly Span[]> {
    const found = () =>
      linesOf(this.#out, 'SPAN ')
        .map((line) => line as unknown as Span)
        .filter(({ attributes }) => attributes['perkbook.request_id'] === id);
    await until(() => found().length > 0, 5_000);
    return found();
  }

  /** The lines of the log about the requests with this id, once there are so many. */
  async loggedOf(id: string, count: number): Promise<readonly Line[]> {
    const found = () => linesOf(this.#log, '').filter(({ requestId }) => requestId === id);
    await until(() => found().length >= count, 5_000);
    return found();
  }

  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What is written as JSON in the whole lines that begin so. */
function linesOf(text: string, beginning: string): readonly Line[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole
    .filter((line) => line.startsWith(`${beginning}{`))
    .map((line) => JSON.parse(line.slice(beginning.length)) as Line);
}

describe('traces', () => {
  let server: Traced;
  let address: string;
  before(async function () {
    this.timeout(20_000);
    server = new Traced();
    address = await server.address();
  });
  after(() => server.end());

  it('have a span for each request, below the caller’s, with what was decided and nobody’s name', async () => {
    const { json } = await request(`${address}/v1/decisions`, 'POST', SIX_LORAS, {
      'X-Request-Id': 'one',
      ...TRACEPARENT,
    });
    const [span] = await server.spansOf('one');
    expect(span?.name).to.equal('POST /v1/decisions');
    // That of a server.
    expect(span?.kind).to.equal(1);
    expect(span?.parent).to.include(CALLER);
    expect(span?.attributes).to.deep.equal({
      'http.request.method': 'POST',
      'http.route': '/v1/decisions',
      'http.response.status_code': 200,
      'perkbook.request_id': 'one',
      'perkbook.decision_id': json.id,
      'perkbook.rule_set': 'pixai-membership',
      'perkbook.rule_set_version': 1,
      'perkbook.action': 'generation.create',
      'perkbook.outcome': 'deny',
      'perkbook.reason': json.reason.code,
      'perkbook.degraded': false,
    });
    expect(JSON.stringify(span)).to.not.contain(SIX_LORAS.user);
  });

  it('count the decisions of a batch, and say what a consume decided', async () => {
    const early = { user: 'sam', action: 'subscription.start', input: { tier: 'starter', channel: 'web' } };
    const questions = [SIX_LORAS, early, SIX_LORAS];
    await request(`${address}/v1/decisions/batch`, 'POST', { questions }, { 'X-Request-Id': 'many' });
    const [many] = await server.spansOf('many');
    expect(many?.attributes).to.include({ 'perkbook.decisions': 3, 'perkbook.denials': 2 });
    const body = { action: 'lora.train_free', idempotencyKey: 'k' };
    await request(`${address}/v1/members/sam/consume`, 'POST', body, { 'X-Request-Id': 'used' });
    const [used] = await server.spansOf('used');
    expect(used?.attributes).to.include({ 'perkbook.action': 'lora.train_free', 'perkbook.outcome': 'deny' });
    expect(used?.attributes['http.route']).to.equal('/v1/members/:id/consume');
  });

  it('have the status of what was refused, without calling it an error', async () => {
    await request(`${address}/v1/decisions`, 'POST', { user: 'sam', action: 'nope' }, { 'X-Request-Id': 'refused' });
    const [span] = await server.spansOf('refused');
    expect(span?.attributes['http.response.status_code']).to.equal(404);
    expect(span?.status.code).to.equal(0);
    expect(span?.parent).to.equal(undefined);
  });

  it('are named in the log, by the trace of the caller and the span of the request', async () => {
    await request(`${address}/v1/decisions`, 'POST', SIX_LORAS, { 'X-Request-Id': 'named', ...TRACEPARENT });
    const [span] = await server.spansOf('named');
    const [line] = await server.loggedOf('named', 1);
    expect(line).to.include({ message: 'answered', traceId: CALLER.traceId, spanId: span?.own.spanId });
    expect(line?.spanId).to.not.equal(CALLER.spanId);
  });
});

describe('traces of what fails', () => {
  let server: Traced;
  before(async function () {
    this.timeout(20_000);
    // An issuer that nobody can reach.
    server = new Traced({
      PERKBOOK_JWT_ISSUER: 'https://login.example/',
      PERKBOOK_JWT_AUDIENCE: 'perkbook',
      PERKBOOK_JWT_JWKS_URL: 'http://127.0.0.1:9/',
    });
    await server.address();
  });
  after(() => server.end());

  it('are named in the lines that say why', async () => {
    const token = ['{"alg":"RS256","kid":"k"}', '{}', 'x']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    const headers = { 'X-Request-Id': 'away', Authorization: `Bearer ${token}`, ...TRACEPARENT };
    const { json } = await request(`${await server.address()}/v1/decisions`, 'POST', SIX_LORAS, headers);
    expect(json).to.include({ code: 'keys_unreachable' });
    const [span] = await server.spansOf('away');
    const lines = await server.loggedOf('away', 2);
    expect(lines.map(({ level }) => level)).to.deep.equal(['warn', 'debug']);
    for (const { traceId, spanId } of lines)
      expect({ traceId, spanId }).to.deep.equal({ traceId: CALLER.traceId, spanId: span?.own.spanId });
  });
});
