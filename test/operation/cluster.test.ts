import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PROGRAM, ROOT } from '../cli/run.ts';
import { request, STARTER_TERM } from '../http/running.ts';
import { mongoDatabase } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { workersOf } from '../support/workers-of.ts';
import { seriesIn } from './exposition.ts';

const CALLERS = 8;
const CLAIM = 'credits.daily.claim';

interface Served {
  readonly child: ChildProcess;
  readonly address: string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  err(): string;
}

describe('several workers', () => {
  let folder: string;
  const running: Served[] = [];
  before(function () {
    // Who the workers are is read from there.
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-workers-'));
    cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function launch(env: Readonly<Record<string, string>> = {}) {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--workers', '2'], {
      cwd: ROOT,
      env: { PATH, PORT: '0', PERKBOOK_RULES: join(folder, 'rules'), PERKBOOK_DATA: join(folder, 'data'), ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const ended = once(child, 'close').then(() => child.exitCode);
    return { child, ended, out: () => out, err: () => err };
  }

  async function serve(env: Readonly<Record<string, string>> = {}): Promise<Served> {
    const { child, ended, out, err } = launch(env);
    await until(() => out().includes('\n') || child.exitCode !== null);
    const address = /http:\S+/.exec(out())?.[0];
    if (address === undefined) throw new Error(`it did not start: ${err()}`);
    const served = { child, address, ended, err };
    running.push(served);
    return served;
  }

  it('lose no request and give nothing twice while one of them is killed, and another one takes its place', async () => {
    const { child, address, err } = await serve();
    await request(`${address}/v1/members/rare`, 'PUT', { terms: [NOW_STARTER()] });
    const [victim = 0] = workersOf(child);
    let isRunning = true;
    const claimed: string[] = [];
    const wonTrainings: string[] = [];
    const caller = async (name: string) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; isRunning; i++) {
        const user = `${name}-${i}`;
        const claim = await untilAnswered(agent, `${address}/v1/members/${user}/consume`, {
          action: CLAIM,
          idempotencyKey: user,
        });
        expect(claim).to.include({ decision: 'allow' });
        claimed.push(user);
        const training = { action: 'lora.train_free', idempotencyKey: user };
        const { decision } = await untilAnswered(agent, `${address}/v1/members/rare/consume`, training);
        if (decision === 'allow') wonTrainings.push(user);
      }
      agent.destroy();
    };
    const callers = Array.from({ length: CALLERS }, (_, i) => caller(`c${i}`));
    await sleep(400);
    process.kill(victim, 'SIGKILL');
    const scraped = async () => seriesIn((await request(`${address}/metrics`, 'GET')).text);
    await until(() => !workersOf(child).includes(victim));
    // A request may be on a connection to the one that was killed.
    await until(async () => (await scraped().catch(() => new Map())).get('perkbook_workers') === 2);
    await sleep(200);
    isRunning = false;
    await Promise.all(callers);
    expect(claimed.length).to.be.greaterThan(2 * CALLERS);
    // Three a month, however many ask in two processes at once.
    expect(wonTrainings).to.have.length(3);
    for (const user of claimed.slice(0, 200)) {
      const { json } = await request(`${address}/v1/members/${user}`, 'GET');
      expect(json.usage.daily_credits, user).to.have.length(1);
    }
    expect(err()).to.contain(`worker ${victim} ended with SIGKILL; another one takes its place`);
    expect((await scraped()).get('perkbook_worker_deaths_total')).to.equal(1);
  }).timeout(30_000);

  it('are replaced when they hang', async () => {
    const { child, address, err } = await serve();
    const [victim = 0] = workersOf(child);
    process.kill(victim, 'SIGSTOP');
    const isReplaced = () => workersOf(child).length === 2 && !workersOf(child).includes(victim);
    await sleep(8_000);
    await until(isReplaced);
    expect(err()).to.contain(`worker ${victim} has not answered for 10 s and is ended`);
    await until(() => request(`${address}/healthz`, 'GET', undefined, SHORT).then(({ status }) => status === 200));
  }).timeout(30_000);

  it('never give more than there is, over one MongoDB', async function () {
    const database = await mongoDatabase();
    if (database === undefined) return this.skip();
    const { address } = await serve({ MONGODB_URI: database.uri.replace(/\/?(\?|$)/, `/${database.database}$1`) });
    await request(`${address}/v1/members/rare`, 'PUT', { terms: [NOW_STARTER()] });
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) => {
        const body = { action: 'lora.train_free', idempotencyKey: `job-${i}` };
        return request(`${address}/v1/members/rare/consume`, 'POST', body, SHORT);
      }),
    );
    expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 200));
    expect(answers.filter(({ json }) => json.decision === 'allow')).to.have.length(3);
  }).timeout(20_000);

  it('lose nothing that was confirmed or was under way when all are told to stop', async () => {
    const first = await serve();
    const confirmed: string[] = [];
    const lost: string[] = [];
    const caller = async (name: string) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let i = 0; ; i++) {
        const user = `${name}-${i}`;
        try {
          const body = { action: CLAIM, idempotencyKey: user };
          const { status, closes } = await post(agent, `${first.address}/v1/members/${user}/consume`, body);
          if (status === 200) confirmed.push(user);
          else lost.push(`${user}: ${status}`);
          if (closes) return;
        } catch (error) {
          lost.push(`${user}: ${String(error)}`);
          return;
        }
      }
    };
    const callers = Array.from({ length: CALLERS }, (_, i) => caller(`c${i}`));
    await sleep(400);
    first.child.kill('SIGTERM');
    await Promise.all(callers);
    expect(await first.ended).to.equal(0);
    expect(lost).to.deep.equal([]);
    expect(confirmed.length).to.be.greaterThan(CALLERS);
    const again = await serve();
    for (const user of confirmed.slice(-50)) {
      const { json } = await request(`${again.address}/v1/members/${user}`, 'GET');
      expect(json.usage.daily_credits, user).to.have.length(1);
    }
  }).timeout(30_000);

  it('are one in their metrics, and what one had counted stays when it ends', async () => {
    const { child, address } = await serve();
    const ask = () => request(`${address}/v1/decisions`, 'POST', { user: 'sam', action: 'lora.train_free' }, SHORT);
    for (let i = 0; i < 20; i++) await ask();
    const counted = async () => {
      const { text } = await request(`${address}/metrics`, 'GET', undefined, SHORT);
      const series = seriesIn(text);
      const decided = [...series].filter(([name]) => name.startsWith('perkbook_decisions_total'));
      return { decided: decided.map(([, count]) => count), workers: series.get('perkbook_workers'), text };
    };
    expect(await counted()).to.deep.include({ decided: [20], workers: 2 });
    // Each has taken part: connections go to them in turn.
    for (const pid of workersOf(child)) {
      const before = workersOf(child);
      process.kill(pid, 'SIGTERM');
      await until(() => workersOf(child).length === 2 && !workersOf(child).includes(pid) && before.includes(pid));
      await until(async () => (await counted()).workers === 2);
      expect((await counted()).decided).to.deep.equal([20]);
    }
    await ask();
    expect((await counted()).decided).to.deep.equal([21]);
  }).timeout(30_000);

  it('all follow a rule file that is saved', async () => {
    const { address } = await serve();
    const file = join(folder, 'rules/pixai-membership/v2.yaml');
    const text = readFileSync(join(ROOT, 'rules/pixai-membership/v1.yaml'), 'utf8');
    writeFileSync(
      file,
      text.replace('version: 1', 'version: 2').replace('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
    );
    const ask = async () =>
      (await request(`${address}/v1/decisions`, 'POST', { user: 'sam', action: 'lora.train_free' }, SHORT)).json;
    await sleep(2_000);
    const versions = [];
    for (let i = 0; i < 8; i++) versions.push((await ask()).ruleSet.version);
    expect(versions).to.deep.equal(Array.from({ length: 8 }, () => 2));
  }).timeout(20_000);

  it('end with 1 and say why, once, where they cannot start', async () => {
    const { ended, err, out } = launch({ PERKBOOK_RULES: join(folder, 'nowhere') });
    expect(await ended).to.equal(1);
    expect(err().match(/there (?:are no rules in|is no folder)/g)).to.have.length(1);
    expect(out()).to.equal('');
  }).timeout(10_000);

  it('end with 0 and without a word where they are told to stop before all of them have started', async () => {
    // The first one is there, has begun, or answers; or so are the others.
    for (const ms of [0, 100, 250, 400, 600]) {
      const { child, ended, err } = launch({ PERKBOOK_LOG_LEVEL: 'error' });
      await until(() => workersOf(child).length > 0);
      await sleep(ms);
      child.kill('SIGTERM');
      expect(await ended, `after ${ms} ms: ${err()}`).to.equal(0);
      expect(err(), `after ${ms} ms`).to.equal('');
    }
  }).timeout(30_000);

  it('have no test clock, because that of one would not be that of the others', async () => {
    const { ended, err } = launch({ PERKBOOK_TEST_CLOCK: '2026-01-01T00:00:00Z' });
    expect(await ended).to.equal(2);
    expect(err()).to.match(/`--workers` and PERKBOOK_TEST_CLOCK do not go together/);
  }).timeout(10_000);
});

/** A connection of its own, which the next worker gets. */
const SHORT = { Connection: 'close' };

/** A month of Starter around the real time. */
function NOW_STARTER() {
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  return { ...STARTER_TERM, startsAt: at(-3), endsAt: at(25) };
}

/** As a careful caller does it: where the connection breaks, the same again, with the same key. */
async function untilAnswered(agent: Agent, url: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  for (let i = 0; i < 100; i++) {
    try {
      const { status, json } = await post(agent, url, body);
      expect(status).to.equal(200);
      return json;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      await sleep(20);
    }
  }
  throw new Error(`nobody answers at ${url}`);
}

interface Posted {
  readonly status: number | undefined;
  /** Whether this was the last answer on the connection. */
  readonly closes: boolean;
  readonly json: Readonly<Record<string, unknown>>;
}

function post(agent: Agent, url: string, body: object): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          closes: response.headers.connection === 'close',
          json: JSON.parse(text),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
