import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type Browser, chromium } from 'playwright-core';
import { SIX_LORAS } from '../running.ts';
import { type Keyed, runWithKeys } from './with-keys.ts';

const CHROMIUM = '/usr/bin/chromium';
const APP = 'https://app.example';

describe('pages of other origins', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys({ cors: [APP] });
  });
  after(() => server.close());

  const preflight = (Origin: string, path = '/v1/decisions') =>
    fetch(server.address + path, {
      method: 'OPTIONS',
      headers: {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });

  it('that are allowed may send a key and read the answer, also when it is a refusal', async () => {
    const asked = await preflight(APP);
    expect(asked.status).to.equal(204);
    expect(asked.headers.get('access-control-allow-origin')).to.equal(APP);
    expect(asked.headers.get('access-control-allow-methods')).to.include('POST');
    expect(asked.headers.get('access-control-allow-headers')).to.match(/Authorization.*Content-Type/);
    for (const headers of [{ ...server.admin, Origin: APP }, { Origin: APP }]) {
      const answer = await server.post('/v1/decisions', SIX_LORAS, headers);
      expect(answer.headers.get('access-control-allow-origin')).to.equal(APP);
      expect(answer.headers.get('access-control-expose-headers')).to.include('Retry-After');
      expect(answer.headers.get('access-control-allow-credentials')).to.equal(null);
      expect(answer.headers.get('vary')).to.equal('Origin');
    }
    const version = await server.get('/v1/rule-sets/documents/versions/1', { ...server.admin, Origin: APP });
    expect(version.headers.get('vary')).to.equal('Accept, Origin');
  });

  it('that are not may nothing, however much they look like it', async () => {
    for (const origin of [
      'https://app.example.evil',
      'http://app.example',
      'https://app.example:8443',
      'null',
      'https://APP.example',
    ]) {
      const asked = await preflight(origin);
      expect(asked.headers.get('access-control-allow-origin'), origin).to.equal(null);
      expect(asked.headers.get('access-control-allow-methods'), origin).to.equal(null);
      expect(asked.headers.get('vary'), origin).to.equal('Origin');
    }
  });

  it('may nothing at all where none is configured, and nothing says so either', async () => {
    const plain = await runWithKeys();
    const asked = await fetch(`${plain.address}/v1/decisions`, {
      method: 'OPTIONS',
      headers: { Origin: APP, 'Access-Control-Request-Method': 'POST' },
    });
    await plain.close();
    expect([...asked.headers.keys()].filter((name) => /access-control|vary/.test(name))).to.deep.equal([]);
  });
});

describe('pages in a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let pages: Server;

  before(async function () {
    if (!existsSync(CHROMIUM)) {
      if (process.env.PERKBOOK_REQUIRE_BROWSER === '1') throw new Error(`there is no browser at ${CHROMIUM}`);
      console.error(`\n!!! NOT TESTED: what a browser lets pages do. There is none at ${CHROMIUM}.`);
      this.skip();
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    pages = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<title>shop</title>'));
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await browser?.close();
    pages?.close();
  });

  /** What a page of another origin gets of a question that it asks with its key. */
  async function askedByPage(cors: readonly string[]): Promise<unknown> {
    const server = await runWithKeys({ cors });
    const page = await browser.newPage();
    try {
      await page.goto(originOf(pages));
      return await page.evaluate(
        async ({ url, headers, body }) => {
          try {
            const response = await fetch(url, {
              method: 'POST',
              headers: { ...headers, 'Content-Type': 'application/json' },
              body,
            });
            const { decision } = (await response.json()) as { readonly decision: string };
            return { status: response.status, decision, id: response.headers.get('x-request-id') !== null };
          } catch (error) {
            return String(error);
          }
        },
        { url: `${server.address}/v1/decisions`, headers: server.admin, body: JSON.stringify(SIX_LORAS) },
      );
    } finally {
      await page.close();
      await server.close();
    }
  }

  it('read answers where their origin is allowed', async () => {
    expect(await askedByPage([originOf(pages)])).to.deep.equal({ status: 200, decision: 'deny', id: true });
  });

  it('read nothing where it is not', async () => {
    expect(await askedByPage([])).to.match(/Failed to fetch/);
    expect(await askedByPage(['http://other.example'])).to.match(/Failed to fetch/);
  });
});

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
