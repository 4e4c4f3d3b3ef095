import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { raw as send } from './raw.ts';
import { type Running, run, SIX_LORAS } from './running.ts';

const HEAD = 'POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const BODY = JSON.stringify(SIX_LORAS);

describe('the transport', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('echoes a request id of visible ASCII with spaces inside, and makes one for any other', async () => {
    const idOf = async (given?: string) =>
      (await server.get('/healthz', given === undefined ? {} : { 'X-Request-Id': given })).headers.get(
        'x-request-id',
      ) ?? '';
    expect(await idOf('trace-17/a:b')).to.equal('trace-17/a:b');
    expect(await idOf('two words: "a" {b}')).to.equal('two words: "a" {b}');
    expect(await idOf('x'.repeat(256))).to.equal('x'.repeat(256));
    for (const bad of ['x'.repeat(257), 'é', 'a\tb']) expect(await idOf(bad)).to.match(/^[0-9a-f]{12}-\w+$/);
    expect(await idOf()).not.to.equal(await idOf());
  });

  it('answers HEAD as GET without a body, OPTIONS with what is possible', async () => {
    const head = await server.send('HEAD', '/healthz');
    expect([head.status, head.text, head.headers.get('content-length')]).to.deep.equal([200, '', '18']);
    const options = await server.send('OPTIONS', '/v1/decisions');
    expect([options.status, options.headers.get('allow')]).to.deep.equal([204, 'POST, OPTIONS']);
    expect((await server.send('OPTIONS', '/v1/decison')).status).to.equal(404);
  });

  it('says neither what it is made of nor an entity tag of an answer', async () => {
    const { headers } = await server.post('/v1/decisions', SIX_LORAS);
    expect([headers.get('x-powered-by'), headers.get('etag')]).to.deep.equal([null, null]);
  });

  it('reads a body that comes in pieces, and leaves a byte order mark out', async () => {
    const chunks = [...BODY].map((letter) => `1\r\n${letter}\r\n`).join('');
    expect(await raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\n\uFEFF\r\n${chunks}0\r\n\r\n`)).to.match(
      /^HTTP\/1.1 200 /,
    );
  });

  it('counts what arrives, not what is announced: a body without a length is cut off at 1 MiB too', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const answer = await raw(`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`);
    expect(answer).to.match(/^HTTP\/1.1 413 /);
    expect(answer).to.contain('"code":"body_too_large"');
  });

  it('takes exactly 1 MiB', async () => {
    const padded = BODY + ' '.repeat(1_048_576 - BODY.length);
    expect((await server.post('/v1/decisions', padded)).status).to.equal(200);
    expect((await server.post('/v1/decisions', `${padded} `)).status).to.equal(413);
  });

  it('answers several requests on one connection in their order', async () => {
    const one = (id: string) => `${HEAD}X-Request-Id: ${id}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
    const answer = await raw(
      one('a') + one('b') + one('c').replace('Host: localhost', 'Host: localhost\r\nConnection: close'),
    );
    expect(answer.match(/X-Request-Id: (\w)/g)).to.deep.equal([
      'X-Request-Id: a',
      'X-Request-Id: b',
      'X-Request-Id: c',
    ]);
  });

  it('answers what is no HTTP with a problem, and headers that are too large', async () => {
    const noHttp = await raw('HELO there\r\n\r\n');
    expect(noHttp).to.match(/^HTTP\/1.1 400 /);
    expect(noHttp).to.contain('"code":"malformed_request"').and.contain('X-Request-Id: ');
    const large = await raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(large).to.match(/^HTTP\/1.1 431 /);
    expect(large).to.contain('"code":"headers_too_large"');
  });

  it('answers with a request id and a problem also what never reaches a route', async () => {
    for (const [bytes, status, code] of [
      ['GET /healthz HTTP/1.1\r\nX-Request-Id: mine\r\n\r\n', 400, 'malformed_request'],
      [
        'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\nhost: evil.example\r\n\r\n',
        400,
        'malformed_request',
      ],
      [
        'GET /healthz HTTP/1.0\r\nHost: localhost\r\nX-Request-Id: mine\r\nHost: localhost\r\n\r\n',
        400,
        'malformed_request',
      ],
      [
        'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\nExpect: 200-ok\r\n\r\n',
        417,
        'expectation_failed',
      ],
      ['CONNECT x:80 HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\n\r\n', 405, 'method_not_allowed'],
    ] as const) {
      const answer = await raw(bytes);
      expect(answer).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).to.contain('X-Request-Id: mine').and.contain('application/problem+json');
      expect(answer).to.contain(`"code":"${code}"`);
    }
    expect(await raw('GET /healthz HTTP/1.0\r\n\r\n')).to.match(/^HTTP\/1.1 200 /);
    const patient = `${HEAD}Expect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
    expect(await raw(patient)).to.match(/^HTTP\/1.1 100 [\s\S]*HTTP\/1.1 200 /);
  });

  it('takes no body that is packed, or says that it is', async () => {
    const zipped = await server.post('/v1/decisions', gzipSync(BODY), { 'Content-Encoding': 'gzip' });
    const plain = await server.post('/v1/decisions', SIX_LORAS, { 'Content-Encoding': 'gzip' });
    for (const { json } of [zipped, plain]) {
      expect(json).to.include({ status: 415, code: 'unsupported_media_type' });
      expect(json.detail).to.include('`gzip`');
    }
    expect((await server.post('/v1/decisions', SIX_LORAS, { 'Content-Encoding': 'identity' })).status).to.equal(200);
  });

  it('survives callers who hang up in the middle', async () => {
    for (let i = 0; i < 20; i++) {
      await new Promise<void>((resolve) => {
        const socket = connect(portOf(server), '127.0.0.1', () => {
          socket.write(`${HEAD}Content-Length: 1000\r\n\r\n{"user": `, () => socket.destroy());
        });
        socket.on('close', () => resolve());
      });
    }
    expect((await server.get('/healthz')).status).to.equal(200);
  });

  it('takes a path in absolute form', async () => {
    expect(await raw('GET http://x/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).to.match(
      /^HTTP\/1.1 200 /,
    );
  });

  const raw = (bytes: string) => send(server.address, bytes);
});

function portOf({ address }: Running): number {
  return Number(new URL(address).port);
}
