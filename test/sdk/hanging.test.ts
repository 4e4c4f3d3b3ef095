import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { PROGRAM, ROOT } from '../cli/run.ts';
import { request, STARTER_TERM } from '../http/running.ts';
import { seriesIn } from '../operation/exposition.ts';
import { until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';
import { workersOf } from '../support/workers-of.ts';

const USERS = ['ann', 'ben'] as const;

describe('one of two processes of a server that hangs', function () {
  this.timeout(30_000);
  let folder: string;
  let server: ChildProcess;
  let address: string;
  let paused: number | undefined;

  before(async function () {
    // Who the processes are, and that one stands still, is read from there.
    if (process.platform !== 'linux') return this.skip();
    folder = mkdtempSync(join(tmpdir(), 'perkbook-hanging-'));
    const { PATH = '' } = process.env;
    const env = { PATH, PORT: '0', PERKBOOK_DATA: folder };
    server = spawn(process.execPath, [PROGRAM, 'serve', '--workers', '2'], { cwd: ROOT, env });
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    server.stderr?.resume();
    await until(() => said.includes('\n') || server.exitCode !== null);
    address = /http:\S+/.exec(said)?.[0] ?? '';
    await until(async () => workersOf(server).length === 2 && (await scraped()).get('perkbook_workers') === 2);
    const now = Date.now();
    const term = { ...STARTER_TERM, startsAt: instant(now - 3 * DAY_MS), endsAt: instant(now + 25 * DAY_MS) };
    for (const user of USERS) await request(`${address}/v1/members/${user}`, 'PUT', { terms: [term] }, SHORT);
  });
  after(async () => {
    if (server === undefined) return;
    goOn();
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('costs one attempt and not the call, and what was used up counts once when it goes on', async () => {
    const perkbook = new Perkbook({ baseUrl: address, timeout: 6_000, attemptTimeout: 700 });
    [paused] = workersOf(server);
    await pause(paused ?? 0);
    const begun = performance.now();
    // At the same moment, so each has a connection of its own: one of them is handed to the process that hangs.
    const consumed = await Promise.all(
      USERS.map((user) => perkbook.consume({ user, action: 'lora.train_free', idempotencyKey: `job-of-${user}` })),
    );
    expect(performance.now() - begun).to.be.within(690, 4_000);
    expect(consumed.map((each) => each.consumed)).to.deep.equal([1, 1]);
    goOn();
    await until(async () => (await attemptsSeen()) >= 3);
    for (const user of USERS) {
      const { values } = await perkbook.may({ user, action: 'lora.train_free' });
      expect(values.free_lora_training, user).to.include({ used: 1, remaining: 2 });
    }
  });

  function goOn(): void {
    if (paused !== undefined) process.kill(paused, 'SIGCONT');
    paused = undefined;
  }

  async function attemptsSeen(): Promise<number> {
    const route = 'method="POST",route="/v1/members/:id/consume",status="2xx"';
    return (await scraped()).get(`perkbook_http_request_seconds_count{${route}}`) ?? 0;
  }

  async function scraped() {
    return seriesIn((await request(`${address}/metrics`, 'GET', undefined, SHORT)).text);
  }
});

/** A connection of its own, which the next process gets. */
const SHORT = { Connection: 'close' };
const DAY_MS = 86_400_000;

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
