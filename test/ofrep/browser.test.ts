import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { type Running, run, STARTER_TERM } from '../http/running.ts';
import { browserOrSkip } from '../openapi/browser.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What a page does with the SDK; the last it saw of turbo mode is its title. */
const PAGE = `
  import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
  const baseUrl = new URLSearchParams(location.search).get('perkbook');
  await OpenFeature.setContext({ targetingKey: 'sam' });
  await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl, pollInterval: 100, cacheMode: 'network-first' }));
  const client = OpenFeature.getClient();
  const show = () => { document.title = 'turbo ' + client.getBooleanValue('turbo_mode', false); };
  client.addHandler(ProviderEvents.ConfigurationChanged, show);
  show();
`;

describe('OpenFeature in a browser, on a page of another origin', function () {
  this.timeout(60_000);
  let browser: Browser;
  let pages: Server;
  let origin: string;
  let perkbook: Running;

  before(async function () {
    browser = await browserOrSkip(this);
    const { outputFiles } = await build({
      stdin: { contents: PAGE, resolveDir: ROOT },
      bundle: true,
      format: 'esm',
      write: false,
    });
    const script = outputFiles[0]?.text ?? '';
    pages = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(
        isScript ? script : '<!doctype html><title>waiting</title><script type="module" src="/page.js"></script>',
      );
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    const address = pages.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    perkbook = await run({ cors: [origin] });
    await perkbook.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(async () => {
    await browser?.close();
    pages?.close();
    await perkbook?.close();
  });

  it('reads perks, is told by 304 that nothing has changed, and sees the end of a membership', async () => {
    const page = await browser.newPage();
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.request().method() === 'POST') statuses.push(response.status());
    });
    await page.goto(`${origin}/?perkbook=${encodeURIComponent(perkbook.address)}`);
    await page.waitForFunction("document.title === 'turbo true'");
    while (statuses.filter((status) => status === 304).length < 2) await page.waitForTimeout(50);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    await perkbook.send('PUT', '/v1/clock', { now: STARTER_TERM.endsAt });
    await page.waitForFunction("document.title === 'turbo false'");
  });

  it('is refused on a page of an origin that was not named', async () => {
    const other = await run({ cors: ['https://app.example'] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('console', (message) => errors.push(message.text()));
      await page.goto(`${origin}/?perkbook=${encodeURIComponent(other.address)}`);
      while (!errors.some((error) => error.includes('CORS'))) await page.waitForTimeout(50);
      expect(await page.title()).to.equal('waiting');
    } finally {
      await other.close();
    }
  });
});
