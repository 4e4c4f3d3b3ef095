import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { freePort } from '../deploy/nginx-server.ts';
import { type Running, request, run, STARTER_TERM } from '../http/running.ts';
import { until } from '../support/expecting.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('the snippets of docs/openfeature.md', () => {
  const [service = '', server = '', page = ''] = [
    ...readFileSync(`${ROOT}/docs/openfeature.md`, 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm),
  ].map(([, code = '']) => code);
  let perkbook: Running;
  let port: number;
  const children: ChildProcess[] = [];

  before(async () => {
    perkbook = await run();
    port = await freePort();
    const usage = { free_lora_training: [{ at: '2026-11-20T00:00:00Z' }] };
    await perkbook.send('PUT', '/v1/members/sam-starter', { terms: [STARTER_TERM], usage });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await perkbook.close();
  });

  /** A snippet as a program of its own. */
  function start(code: string): ChildProcess {
    const placed = code
      .replaceAll('http://127.0.0.1:8080', perkbook.address)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
      .replaceAll('listen(3000)', `listen(${port}, '127.0.0.1')`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', `${placed}\n`], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  async function printed(code: string): Promise<string> {
    // What keeps asking would keep it running.
    const child = start(`${code}\nprocess.exit(0);`);
    let said = '';
    child.stdout?.on('data', (chunk) => {
      said += chunk;
    });
    await once(child, 'close');
    return said;
  }

  it('read perks in a service', async () => {
    expect(await printed(service)).to.equal('true\n3 2\n');
  });

  it('pass the flags of the session’s user on to a page, whoever the page says it is', async () => {
    start(server);
    const url = `http://127.0.0.1:${port}/ofrep/v1/evaluate/flags`;
    const ask = (headers = {}) => request(url, 'POST', { context: { targetingKey: 'nobody' } }, headers);
    await until(
      () =>
        ask().then(
          ({ status }) => status === 200,
          () => false,
        ),
      10_000,
    );
    const { json, headers } = await ask();
    expect(json.metadata).to.include({ tier: 'starter' });
    expect((await ask({ 'If-None-Match': headers.get('etag') ?? '' })).status).to.equal(304);
    expect(await printed(page)).to.equal('true\n');
  });
});
