import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import type { Fetch } from '../../src/sdk/client.ts';
import { retryDelay } from '../../src/sdk/transport/retry-delay.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, problem, type Reply, SERVER, TURBO } from './answering.ts';

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const begun = performance.now();
  const result = await work;
  return { result, took: performance.now() - begun };
}

describe('what is sent again', () => {
  catchRequests();

  const passing: readonly (readonly [string, Reply])[] = [
    ['429', problem(429, 'too_many_requests')],
    ['503', problem(503, 'facts_unreachable')],
    ['a proxy that has lost the server', { status: 502, body: '<html>Bad gateway' }],
    ['a lost connection', { lost: true }],
  ];
  for (const [what, reply] of passing) {
    it(`${what}: until it is answered, three times in all`, async () => {
      const sent = answering((_, n) => (n < 2 ? reply : {}));
      expect(await client().may(TURBO)).to.include({ decision: 'allow' });
      expect(sent).to.have.lengthOf(3);

      const never = answering(() => reply);
      await failureOf(client().may(TURBO));
      expect(never).to.have.lengthOf(3);
      const once = answering(() => reply);
      await failureOf(client({ retries: 0 }).may(TURBO));
      expect(once).to.have.lengthOf(1);
    });
  }

  it('a batch, too, and what is read of a member', async () => {
    const sent = answering((_, n) => (n % 2 === 0 ? problem(503, 'shutting_down') : {}));
    const perkbook = client();
    await perkbook.mayAll([TURBO, { ...TURBO, user: 'ann' }]);
    await perkbook.perks({ user: 'sam' });
    await perkbook.cancellationPreview({ user: 'sam' });
    expect(sent).to.have.lengthOf(6);
  });

  it('a consume and a release under the key that makes them count once: the same bytes each time', async () => {
    const sent = answering((_, n) => (n % 3 < 2 ? { lost: true } : {}));
    const perkbook = client();
    const attempt = { user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-81', amount: 2 } as const;
    expect(await perkbook.consume(attempt)).to.include({ consumed: 1, revision: 7 });
    await perkbook.release({ user: 'sam', idempotencyKey: 'job-81' });
    const { user, ...body } = attempt;
    expect(user).to.equal('sam');
    expect(sent.slice(0, 3).map((each) => each.body)).to.deep.equal([body, body, body]);
    expect(sent.slice(3).map((each) => each.body)).to.deep.equal(Array(3).fill({ idempotencyKey: 'job-81' }));
  });

  it('nothing that would be wrong again', async () => {
    for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422, 500]) {
      const sent = answering(() => problem(status, 'some_code'));
      expect(await failureOf(client().may(TURBO))).to.include({ kind: 'problem', status });
      expect(sent, String(status)).to.have.lengthOf(1);
    }
  });

  it('waits as long as `Retry-After` says, in seconds', async () => {
    const sent = answering((_, n) => (n === 0 ? { ...problem(429, 'busy'), headers: { 'Retry-After': '1' } } : {}));
    const { took } = await timed(client({ timeout: 5_000 }).may(TURBO));
    expect(took).to.be.within(990, 4_000);
    expect(sent).to.have.lengthOf(2);
  });

  it('or as a date, by the clock of the server', async () => {
    const headers = { Date: 'Thu, 01 May 2031 12:00:00 GMT', 'Retry-After': 'Thu, 01 May 2031 12:00:01 GMT' };
    answering((_, n) => (n === 0 ? { ...problem(503, 'busy'), headers } : {}));
    const { took } = await timed(client({ timeout: 5_000 }).may(TURBO));
    expect(took).to.be.within(990, 4_000);
  });

  it('gives up at once where the wait would be longer than anybody waits', async () => {
    const sent = answering(() => ({ ...problem(503, 'busy', 'come back later'), headers: { 'Retry-After': '30' } }));
    const { result, took } = await timed(failureOf(client({ timeout: 2_000 }).may(TURBO)));
    expect(took).to.be.below(1_500);
    expect(result).to.include({ kind: 'problem', status: 503, retryAfter: 30_000, message: 'come back later' });
    expect(sent).to.have.lengthOf(1);
  });

  it('jitters the whole wait, which doubles, up to a second', () => {
    const delays = (attempt: number) => Array.from({ length: 2_000 }, () => retryDelay(attempt, undefined));
    for (const [attempt, most] of [
      [0, 100],
      [1, 200],
      [2, 400],
      [9, 1_000],
    ] as const) {
      const all = delays(attempt);
      expect(Math.min(...all)).to.be.within(0, most / 20);
      expect(Math.max(...all)).to.be.within(most * 0.95, most);
      expect(all.reduce((a, b) => a + b) / all.length).to.be.within(most * 0.45, most * 0.55);
    }
    expect(retryDelay(0, 5_000)).to.be.within(5_000, 5_100);
  });
});

describe('a connection that is lost', () => {
  let server: Server;
  const sockets = new Set<Socket>();
  let requests = 0;
  let answer: (socket: Socket, n: number) => void = () => {};

  before(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        if (chunk.includes('HTTP/1.1')) answer(socket, requests++);
        else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    requests = 0;
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const address = () => `http://127.0.0.1:${(server.address() as { readonly port: number }).port}`;
  const whole = JSON.stringify({ decision: 'allow', user: 'sam', action: 'x', degraded: false });
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${whole.length}\r\n\r\n`;

  it('in the middle of an answer is tried again', async () => {
    answer = (socket, n) => {
      if (n > 1) socket.write(head + whole);
      else socket.write(head + whole.slice(0, 20), () => socket.resetAndDestroy());
    };
    expect(await client({ baseUrl: address() }).may(TURBO)).to.include({ decision: 'allow' });
    expect(requests).to.equal(3);
  });

  it('before an answer is a failure of the network, with its reason', async () => {
    answer = (socket) => socket.destroy();
    const error = await failureOf(client({ baseUrl: address(), retries: 1 }).may(TURBO));
    expect(error).to.include({ kind: 'network', status: undefined });
    expect(error.message).to.include(address());
    expect(requests).to.equal(2);
  });

  it('because it speaks no TLS is said in a line, with what may be meant', async () => {
    const baseUrl = address().replace('http:', 'https:');
    const error = await failureOf(client({ baseUrl }).may(TURBO, { timeout: 1_000 }));
    expect(error).to.include({ kind: 'network', isOutage: true });
    expect(error.message).to.equal(`\`${baseUrl}\` cannot be reached: it does not speak TLS; does it speak \`http\`?`);
  });

  it('for any other reason is said in a line, too', async () => {
    const fetch: Fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('error:0A:\n no  way\n') }));
    const { message } = await failureOf(client({ fetch, retries: 0 }).may(TURBO));
    expect(message).to.equal(`\`${SERVER}\` cannot be reached: error:0A: no way`);
  });

  it('an answer that stops half-way ends with the time-out', async () => {
    answer = (socket) => socket.write(head + whole.slice(0, 20));
    const { result, took } = await timed(failureOf(client({ baseUrl: address(), timeout: 150 }).may(TURBO)));
    expect(result).to.include({ kind: 'timeout', message: 'no answer within 150 ms' });
    expect(took).to.be.within(140, 1_500);
    expect(requests).to.equal(1);
  });
});
