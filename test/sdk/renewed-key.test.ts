import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { idIn, type Keyed, runWithKeys } from '../http/access/with-keys.ts';
import { SIX_LORAS } from '../http/running.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, problem, type Sent, TURBO } from './answering.ts';

const REFUSED = problem(401, 'unauthenticated');
const keysIn = (sent: readonly Sent[]) => sent.map(({ headers }) => headers.authorization?.slice('Bearer '.length));

/** Gives `key-1`, `key-2`, … */
function rotating(): () => string {
  let n = 0;
  return () => `key-${++n}`;
}

describe('a key that is refused', () => {
  catchRequests();

  it('is asked for once more, and what was asked is answered', async () => {
    for (const retries of [0, 2]) {
      const sent = answering((_, n) => (n === 0 ? REFUSED : {}));
      expect(await client({ apiKey: rotating(), retries }).may(TURBO)).to.include({ decision: 'allow' });
      expect(keysIn(sent)).to.deep.equal(['key-1', 'key-2']);
    }
  });

  it('also for what is read and used up, with the same bytes', async () => {
    const sent = answering((_, n) => (n % 2 === 0 ? REFUSED : {}));
    const apiKey = rotating();
    const perkbook = client({ apiKey: async () => apiKey() });
    await perkbook.perks({ user: 'sam' });
    expect(await perkbook.consume({ ...TURBO, idempotencyKey: 'k' })).to.include({ consumed: 1 });
    expect(keysIn(sent)).to.deep.equal(['key-1', 'key-2', 'key-3', 'key-4']);
    expect(sent[3]?.body).to.deep.equal(sent[2]?.body);
  });

  it('again is an error, and once is all: also where something else comes between', async () => {
    const sent = answering(() => REFUSED);
    const error = await failureOf(client({ apiKey: rotating() }).may(TURBO, { orElse: 'allow' }));
    expect(error).to.include({ kind: 'problem', status: 401 });
    expect(keysIn(sent)).to.deep.equal(['key-1', 'key-2']);

    const between = answering((_, n) => (n === 1 ? problem(503, 'shutting_down') : REFUSED));
    expect(await failureOf(client({ apiKey: rotating() }).may(TURBO))).to.include({ status: 401 });
    expect(keysIn(between)).to.deep.equal(['key-1', 'key-2', 'key-3']);
  });

  it('is not sent twice: neither one that stays the same, nor a text', async () => {
    for (const apiKey of [() => 'pk_same', 'pk_same', undefined]) {
      const sent = answering(() => REFUSED);
      expect(await failureOf(client({ apiKey }).may(TURBO))).to.include({ status: 401 });
      expect(sent).to.have.lengthOf(1);
    }
  });

  it('is one that the server does not know, not one that may not, or that is told to wait', async () => {
    for (const reply of [problem(403, 'forbidden'), problem(429, 'too_many_wrong_keys')]) {
      const sent = answering(() => reply);
      expect(await failureOf(client({ apiKey: rotating() }).may(TURBO))).to.include({ status: reply.status });
      expect(sent).to.have.lengthOf(1);
    }
  });

  it('and cannot be had again is a `misuse`', async () => {
    const sent = answering(() => REFUSED);
    let n = 0;
    const apiKey = () => (n++ === 0 ? 'key-1' : Promise.reject(new Error('the vault is sealed')));
    expect(await failureOf(client({ apiKey }).may(TURBO, { orElse: 'allow' }))).to.include({ kind: 'misuse' });
    expect(sent).to.have.lengthOf(1);
  });
});

describe('a key that is replaced while a service runs', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys();
  });
  after(() => server.close());

  it('costs no answer, and nothing of what is remembered', async () => {
    const [old, next] = [await server.key(['decide']), await server.key(['decide'])];
    let stored = old;
    let reads = 0;
    const apiKey = () => {
      const { Authorization = '' } = stored;
      // The next one comes after this one was read, and before it arrives.
      if (++reads === 2) stored = next;
      return Authorization.slice('Bearer '.length);
    };
    const perkbook = new Perkbook({ baseUrl: server.address, apiKey });
    const before = await perkbook.may(SIX_LORAS);
    expect((await server.send('DELETE', `/v1/keys/${idIn(old)}`, undefined, server.admin)).status).to.equal(204);
    expect(await perkbook.may({ ...SIX_LORAS, user: 'ann' })).to.include({ decision: 'deny' });
    expect(reads).to.equal(3);
    expect(await perkbook.may(SIX_LORAS)).to.equal(before);
    expect(reads).to.equal(3);
  });
});
