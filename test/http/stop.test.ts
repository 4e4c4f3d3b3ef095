import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from '../support/expecting.ts';
import { request, SIX_LORAS } from './running.ts';

const MAIN = new URL('../../src/main.js', import.meta.url).href;

describe('the server as a program', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-stop-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('says where it answers, and ends with 0 on SIGTERM', async () => {
    const { child, address } = await start();
    expect((await request(`${address}/readyz`, 'GET')).status).to.equal(200);
    expect(await stopped(child, 'SIGTERM')).to.deep.equal([0, null]);
  }).timeout(10_000);

  it('loses no request when it is told to stop under load, and keeps what it has confirmed', async () => {
    const { child, address } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const confirmed: string[] = [];
    const lost: string[] = [];
    let stopping = false;
    const caller = async (name: string) => {
      for (let i = 0; !stopping || i === 0; i++) {
        const key = `${name}-${i}`;
        const body = { action: 'credits.daily.claim', idempotencyKey: key };
        try {
          const { status, closes } = await post(agent, `${address}/v1/members/${key}/consume`, body);
          if (status === 200) confirmed.push(key);
          else lost.push(`${key}: ${status}`);
          // The server said that this was the last answer on the connection; the next would need a new one.
          if (closes) return;
        } catch (error) {
          if (!refused(error)) lost.push(`${key}: ${String(error)}`);
          return;
        }
      }
    };
    const callers = Array.from({ length: 16 }, (_, i) => caller(`c${i}`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const end = stopped(child, 'SIGTERM');
    await Promise.all(callers);
    stopping = true;
    agent.destroy();
    expect(await end).to.deep.equal([0, null]);
    expect(lost).to.deep.equal([]);
    expect(confirmed.length).to.be.greaterThan(16);

    const again = await start();
    for (const key of confirmed.slice(-16)) {
      const { json } = await request(`${again.address}/v1/members/${key}`, 'GET');
      expect(json.usage.daily_credits, key).to.have.length(1);
    }
  }).timeout(30_000);

  it('answers a request that is half sent when it is told to stop, and closes its connection', async () => {
    const { child, address } = await start();
    const body = JSON.stringify(SIX_LORAS);
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = stopped(child, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 700));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    socket.write(body);
    await once(socket, 'close');
    expect(answer)
      .to.match(/^HTTP\/1.1 200 /)
      .and.match(/Connection: close/i);
    expect(await end).to.deep.equal([0, null]);
  }).timeout(10_000);

  it('ends at once on a second signal', async () => {
    const { child, address } = await start();
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = stopped(child, 'SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill('SIGTERM');
    expect(await end).to.deep.equal([143, null]);
  }).timeout(10_000);

  it('says which port is in use, and ends with 1', async () => {
    const other = createTcpServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, errors } = await failing({ PORT: port });
    other.close();
    expect([code, errors]).to.deep.equal([1, `port ${port} on 127.0.0.1 is in use already; set PORT to another one\n`]);
  }).timeout(10_000);

  it('shows every finding of broken rules with its line, and ends with 1', async () => {
    const rules = join(folder, 'rules', 'documents');
    mkdirSync(rules, { recursive: true });
    const good = readFileSync('rules/documents/v1.yaml', 'utf8');
    writeFileSync(join(rules, 'v1.yaml'), good.replace('title:', 'titel:').replace(/^version: 1$/m, 'version: 7'));
    const { code, errors } = await failing({ PERKBOOK_RULES: join(folder, 'rules') });
    expect(code).to.equal(1);
    expect(errors)
      .to.match(/v1\.yaml:\d+:\d+ error .*titel/)
      .and.match(/nothing was started/);
  }).timeout(10_000);

  it('names a folder that is not there, and one without rules', async () => {
    expect((await failing({ PERKBOOK_RULES: join(folder, 'nowhere') })).errors).to.match(/nowhere.*PERKBOOK_RULES/);
    mkdirSync(join(folder, 'empty'));
    expect((await failing({ PERKBOOK_RULES: join(folder, 'empty') })).errors).to.match(/there are no rules in/);
  }).timeout(10_000);

  it('names a wrong setting, and ends with 1', async () => {
    const { code, errors } = await failing({ PORT: 'http', PERKBOOK_RULE: 'x' });
    expect(code).to.equal(1);
    expect(errors).to.contain('PORT is `http`').and.contain('did you mean PERKBOOK_RULES?');
  }).timeout(10_000);

  it('puts sample members into an empty store, once: a deleted one does not come back', async () => {
    const first = await start({}, true);
    await until(async () => (await members(first.address)).length === 6);
    expect(await members(first.address)).to.include('sam-starter');
    for (const id of await members(first.address)) await request(`${first.address}/v1/members/${id}`, 'DELETE');
    await stopped(first.child, 'SIGTERM');
    const second = await start({}, true);
    await until(async () => second.output().includes('curl'));
    expect(await members(second.address)).to.deep.equal([]);
  }).timeout(15_000);

  it('prints commands about the sample members that answer something', async () => {
    const { address, output } = await start({}, true);
    await until(async () => output().includes('cancellation-preview'));
    const commands = output().match(/^curl .*$/gm) ?? [];
    expect(commands).to.have.length(3);
    const [denied, consumed, preview] = await Promise.all(commands.map((command) => runCommand(command)));
    expect(denied).to.deep.include({ decision: 'deny', unlockedBy: 'hobbyist' });
    expect(consumed).to.deep.include({ decision: 'allow', consumed: 1 });
    expect(preview).to.deep.include({ tier: 'hobbyist', user: 'carl-cancelled' });
    expect(address).to.match(/^http:/);
  }).timeout(10_000);

  it('loads none where PERKBOOK_SAMPLES is off', async () => {
    const { address, output } = await start({ PERKBOOK_SAMPLES: 'off' }, true);
    expect(await members(address)).to.deep.equal([]);
    expect(output()).not.to.contain('curl');
  }).timeout(10_000);

  function launch(environment: Readonly<Record<string, string>>, samples: boolean): ChildProcess {
    const program = `const { runServer } = await import(${JSON.stringify(MAIN)}); await runServer({ samples: ${samples} });`;
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(PERKBOOK_|MONGODB_URI)/.test(name)),
    );
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...clean, PORT: '0', PERKBOOK_DATA: join(folder, 'data'), ...environment },
    });
    children.push(child);
    return child;
  }

  async function start(environment: Readonly<Record<string, string>> = {}, samples = false) {
    const child = launch(environment, samples);
    let output = '';
    child.stdout?.on('data', (bytes) => {
      output += bytes;
    });
    child.stderr?.on('data', (bytes) => {
      output += bytes;
    });
    await until(async () => output.includes('Perkbook answers on') || child.exitCode !== null);
    const address = /Perkbook answers on (http:\S+)/.exec(output)?.[1];
    if (address === undefined) throw new Error(`the server did not start: ${output}`);
    return { child, address, output: () => output };
  }

  async function failing(environment: Readonly<Record<string, string>>) {
    const child = launch(environment, false);
    let errors = '';
    child.stderr?.on('data', (bytes) => {
      errors += bytes;
    });
    const [code] = await once(child, 'close');
    return { code, errors };
  }
});

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  const exit = once(child, 'exit');
  child.kill(signal);
  return exit;
}

async function members(address: string): Promise<readonly string[]> {
  const { json } = await request(`${address}/v1/members`, 'GET');
  return json.members.map((member: { readonly id: string }) => member.id);
}

function post(
  agent: Agent,
  url: string,
  body: unknown,
): Promise<{ readonly status: number; readonly closes: boolean }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      { method: 'POST', agent, headers: { 'Content-Type': 'application/json' } },
      (response) => {
        response.resume();
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, closes: response.headers.connection === 'close' }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** A new connection to a server that accepts no more: nothing was sent, so nothing is lost. */
function refused(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
}

/** A printed curl command, without curl. */
async function runCommand(command: string): Promise<Readonly<Record<string, unknown>>> {
  const [, url = '', body] = /^curl -s (\S+)(?: -H '[^']*' -d '([^']*)')?$/.exec(command) ?? [];
  return (await request(url, body === undefined ? 'GET' : 'POST', body)).json;
}
