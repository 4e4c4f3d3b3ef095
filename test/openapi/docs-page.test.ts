import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { type Running, run, SIX_LORAS } from '../http/running.ts';
import { browserOrSkip } from './browser.ts';

describe('the page of the description', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('lets nothing run that is inline or from elsewhere', async () => {
    const { headers, text } = await server.get('/docs');
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy)
      .to.include("default-src 'none'")
      .and.include("script-src 'self'")
      .and.include("frame-ancestors 'none'");
    expect(policy).to.not.match(/unsafe|\*|http/);
    expect(text).to.not.match(/https?:|<style|style=|onload=|<script>/);
  });

  it('has only its own files', async () => {
    expect((await server.get('/docs/..%2F..%2Fpackage.json')).status).to.equal(404);
    expect((await server.get('/docs/constructor')).json.code).to.equal('unknown_path');
    const script = await server.get('/docs/swagger-ui-bundle.js');
    expect(script.headers.get('content-type')).to.equal('text/javascript; charset=utf-8');
    expect(script.headers.get('x-content-type-options')).to.equal('nosniff');
  });

  describe('in a browser', () => {
    let browser: Browser;
    before(async function () {
      browser = await browserOrSkip(this);
    });
    after(() => browser?.close());

    it('shows every operation, asks a question, and reaches for nothing elsewhere', async function () {
      this.timeout(60_000);
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const isOurs = [server.address, 'data:'].some((each) => request.url().startsWith(each));
        if (!isOurs) complaints.push(request.url());
      });
      await page.goto(`${server.address}/docs`);
      await page.waitForSelector('.opblock');
      const shown = await page.locator('.opblock').count();
      const { json } = await server.get('/openapi.json');
      const described = Object.values<object>(json.paths).flatMap((operations) => Object.keys(operations));
      expect(shown).to.equal(described.length);

      const operation = page.locator('#operations-Decisions-decide');
      await operation.locator('.opblock-summary').click();
      await operation.locator('textarea').fill(JSON.stringify(SIX_LORAS));
      await operation.locator('.execute').click();
      const answer = operation.locator('.live-responses-table .microlight').first();
      await answer.waitFor();
      expect(await answer.innerText()).to.include('This uses 6 LoRAs; your plan allows 3.');
      expect(complaints).to.deep.equal([]);
    });
  });
});
