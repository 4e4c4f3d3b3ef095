import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, ROOT } from '../cli/run.ts';
import { request, SIX_LORAS } from '../http/running.ts';

/** What somebody who runs Perkbook loads before it: the real SDK, with an exporter that prints. */
const SETUP = `
import { NodeTracerProvider, SimpleSpanProcessor } from '${import.meta.resolve('@opentelemetry/sdk-trace-node')}';
const exporter = {
  export: (spans, done) => {
    for (const { name, kind, attributes, status, parentSpanContext, spanContext } of spans)
      process.stdout.write('SPAN ' + JSON.stringify({ name, kind, attributes, status, parent: parentSpanContext, traceId: spanContext.call(spans[0]).traceId }) + '\\n');
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
}

describe('traces', () => {
  let folder: string;
  let out = '';
  let address = '';
  let child: ReturnType<typeof spawn>;
  before(async function () {
    this.timeout(20_000);
    folder = mkdtempSync(join(tmpdir(), 'perkbook-traces-'));
    writeFileSync(join(folder, 'tracing.mjs'), SETUP);
    const { PATH = '' } = process.env;
    child = spawn(process.execPath, ['--import', join(folder, 'tracing.mjs'), PROGRAM, 'serve'], {
      cwd: ROOT,
      env: { PATH, PORT: '0', PERKBOOK_DATA: join(folder, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      address ||= /http:\S+/.exec(out)?.[0] ?? '';
    });
    while (address === '') await new Promise((resolve) => setTimeout(resolve, 20));
  });
  after(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  /** The spans of the requests with these ids, once they are there. */
  async function spansOf(id: string, count = 1): Promise<readonly Span[]> {
    for (let i = 0; i < 250; i++) {
      const spans = out
        .split('\n')
        .filter((line) => line.startsWith('SPAN '))
        .map((line) => JSON.parse(line.slice(5)) as Span)
        .filter(({ attributes }) => attributes['perkbook.request_id'] === id);
      if (spans.length >= count) return spans;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`there are not ${count} spans of ${id}:\n${out}`);
  }

  it('have a span for each request, below the caller’s, with what was decided and nobody’s name', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { json } = await request(`${address}/v1/decisions`, 'POST', SIX_LORAS, {
      'X-Request-Id': 'one',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    const [span] = await spansOf('one');
    expect(span?.name).to.equal('POST /v1/decisions');
    // That of a server.
    expect(span?.kind).to.equal(1);
    expect(span?.parent).to.include({ traceId, spanId: 'b7ad6b7169203331' });
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
    const [many] = await spansOf('many');
    expect(many?.attributes).to.include({ 'perkbook.decisions': 3, 'perkbook.denials': 2 });
    const body = { action: 'lora.train_free', idempotencyKey: 'k' };
    await request(`${address}/v1/members/sam/consume`, 'POST', body, { 'X-Request-Id': 'used' });
    const [used] = await spansOf('used');
    expect(used?.attributes).to.include({ 'perkbook.action': 'lora.train_free', 'perkbook.outcome': 'deny' });
    expect(used?.attributes['http.route']).to.equal('/v1/members/:id/consume');
  });

  it('have the status of what was refused, without calling it an error', async () => {
    await request(`${address}/v1/decisions`, 'POST', { user: 'sam', action: 'nope' }, { 'X-Request-Id': 'refused' });
    const [span] = await spansOf('refused');
    expect(span?.attributes['http.response.status_code']).to.equal(404);
    expect(span?.status.code).to.equal(0);
    expect(span?.parent).to.equal(undefined);
  });
});
