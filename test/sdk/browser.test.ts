import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { type Running, run, STARTER_TERM } from '../http/running.ts';
import { browserOrSkip } from '../openapi/browser.ts';

const SDK = fileURLToPath(new URL('../../src/sdk', import.meta.url));

/** The files of the client as they are built, and an empty page. */
function servePages(): Server {
  return createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (!path.endsWith('.js')) {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>a shop</title>');
      return;
    }
    const text = await readFile(join(SDK, path)).catch(() => undefined);
    response.writeHead(text === undefined ? 404 : 200, { 'Content-Type': 'text/javascript' }).end(text);
  });
}

describe('the client in a browser', function () {
  this.timeout(60_000);
  let pages: Server;
  let server: Running;
  let browser: Browser | undefined;
  let shop: string;

  before(async function () {
    browser = await browserOrSkip(this);
    pages = servePages();
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    shop = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    server = await run({ cors: [shop] });
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(async () => {
    if (browser === undefined) return;
    await browser.close();
    await new Promise((resolve) => pages.close(resolve));
    await server.close();
  });

  /** Runs in a page of the shop, with the client loaded as a module. */
  async function inPage<T>(origin: string, body: string): Promise<T> {
    if (browser === undefined) throw new Error('there is no browser');
    const page = await browser.newPage();
    try {
      await page.goto(origin);
      return (await page.evaluate(`(async () => {
        const { Perkbook, PerkbookError } = await import('${shop}/client.js');
        const baseUrl = '${server.address}';
        ${body}
      })()`)) as T;
    } finally {
      await page.close();
    }
  }

  it('asks across origins, remembers, uses up and reads its own writes', async () => {
    const seen = await inPage<Record<string, unknown>>(
      shop,
      `const requests = [];
      const perkbook = new Perkbook({ baseUrl, apiKey: 'pk_page', fetch: (url, init) => { requests.push(url); return fetch(url, init); } });
      const question = { user: 'sam', action: 'lora.train_free' };
      const [first, turbo] = await perkbook.mayAll([question, { user: 'sam', action: 'generation.turbo' }]);
      await perkbook.may(question);
      const consumed = await perkbook.consume({ ...question, idempotencyKey: 'from-a-page' });
      const second = await perkbook.may(question);
      return { left: [first, second].map(({ values }) => values.free_lora_training.remaining), turbo: turbo.decision,
        consumed: consumed.consumed, requests: requests.map((url) => new URL(url).pathname) };`,
    );
    expect(seen).to.deep.equal({
      left: [3, 2],
      turbo: 'allow',
      consumed: 1,
      requests: ['/v1/decisions/batch', '/v1/members/sam/consume', '/v1/decisions'],
    });
  });

  it("uses the browser's own `fetch`, and says what is wrong as the server does", async () => {
    const error = await inPage<Record<string, unknown>>(
      shop,
      `const perkbook = new Perkbook({ baseUrl });
      const error = await perkbook.may({ user: 'sam', action: 'generation.turbbo' }).catch((thrown) => thrown);
      return { ours: error instanceof PerkbookError, kind: error.kind, code: error.code, didYouMean: error.didYouMean, requestId: typeof error.requestId };`,
    );
    expect(error).to.deep.equal({
      ours: true,
      kind: 'problem',
      code: 'unknown_action',
      didYouMean: 'generation.turbo',
      requestId: 'string',
    });
  });

  it('falls back, in time, and stops when told to', async () => {
    const seen = await inPage<readonly unknown[]>(
      shop,
      `const nobody = new Perkbook({ baseUrl: 'http://127.0.0.1:9', retries: 1 });
      const decision = await nobody.may({ user: 'sam', action: 'generation.turbo' }, { orElse: 'deny' });
      const silent = new Perkbook({ baseUrl, fetch: () => new Promise(() => {}) });
      const late = await silent.may({ user: 'sam', action: 'generation.turbo' }, { timeout: 50 }).catch((thrown) => thrown.kind);
      const controller = new AbortController();
      const leaving = silent.may({ user: 'sam', action: 'generation.turbo' }, { signal: controller.signal }).catch((thrown) => thrown.kind);
      controller.abort();
      return [decision.decision, decision.fallback, decision.error.kind, late, await leaving];`,
    );
    expect(seen).to.deep.equal(['deny', true, 'network', 'timeout', 'aborted']);
  });
});
