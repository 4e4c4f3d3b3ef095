import type { Context } from 'mocha';
import { type Browser, chromium } from 'playwright-core';

/** What `scripts/chromium.mjs` gives. */
interface ChromiumScript {
  findChromium(): string | undefined;
}

const script = (await import(new URL('../../../scripts/chromium.mjs', import.meta.url).href)) as ChromiumScript;

/** The real browser of this machine. Without one the test is skipped, loudly; where `PERKBOOK_REQUIRE_BROWSER=1` it fails. */
export async function browserOrSkip(context: Context): Promise<Browser> {
  const executablePath = script.findChromium();
  if (executablePath === undefined) {
    const message = 'no chromium is here: `node scripts/chromium.mjs install` gets one';
    if (process.env.PERKBOOK_REQUIRE_BROWSER === '1') throw new Error(message);
    process.stderr.write(`!!! SKIPPED IN A BROWSER: ${message}\n`);
    context.skip();
  }
  // Its own sandbox cannot be had by root in a container, and it sees only this server here.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox'],
  });
}
