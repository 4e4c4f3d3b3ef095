import { expect } from 'chai';
import nock from 'nock';
import { HttpDoor } from '../../src/scenarios/doors/http.ts';
import { failureOf } from '../support/expecting.ts';
import { answeredByNockAlone } from '../support/nock-alone.ts';

// Importing it is enough to catch what all tests of a run send: only these want that.
nock.restore();

const SERVER = 'http://perkbook.test:8080';
const AT = Date.parse('2026-11-22T12:00:00.000Z');
const BEFORE = '2026-01-01T00:00:00.000Z';
const QUESTION = { action: 'generation.turbo', ruleSet: 'club' };
const ASK = { kind: 'ask', user: 'sam', question: QUESTION } as const;

describe('the door of a server', () => {
  answeredByNockAlone();

  function open(): HttpDoor {
    const now = '2026-11-22T12:00:00.000Z';
    nock(SERVER).get('/v1/clock').reply(200, { now: BEFORE }).put('/v1/clock', { now }).reply(200, { now });
    return new HttpDoor(`${SERVER}/`, { withinMs: 200 });
  }

  const asking = () => failureOf(open().send(ASK, AT));

  it('sets the clock once and sends the request', async () => {
    const door = open();
    const asked = nock(SERVER)
      .post('/v1/decisions', { user: 'sam', ...QUESTION })
      .twice()
      .reply(200, { decision: 'allow' });
    expect(await door.send(ASK, AT)).to.deep.equal({ ok: true, body: { decision: 'allow' } });
    expect(await door.send(ASK, AT)).to.deep.include({ ok: true });
    expect(asked.isDone()).to.equal(true);
    nock(SERVER).delete('/v1/members/a%2Fb').reply(204);
    expect(await door.send({ kind: 'remove', user: 'a/b' }, AT)).to.deep.equal({ ok: true, body: {} });
  });

  it('takes a problem for an answer, whatever its status', async () => {
    nock(SERVER)
      .post('/v1/decisions')
      .reply(503, { code: 'facts_unreachable', detail: 'away', field: 7 }, { 'Retry-After': '1' });
    expect(await open().send(ASK, AT)).to.deep.equal({
      ok: false,
      code: 'facts_unreachable',
      field: undefined,
      detail: 'away',
    });
  });

  it('takes nothing else for one', async () => {
    for (const [status, answer] of [
      [200, '<html>'],
      [200, '{"decision": "al'],
      [200, 'null'],
      [502, '<html>'],
      [500, '{}'],
      [503, ''],
    ] as const) {
      nock(SERVER).post('/v1/decisions').reply(status, answer);
      expect((await asking()).message).to.include(`POST ${SERVER}/v1/decisions answered ${status}`);
    }
  });

  it('follows nobody elsewhere', async () => {
    const elsewhere = nock('http://elsewhere.test').get('/').reply(200, { decision: 'allow' });
    nock(SERVER).post('/v1/decisions').reply(301, '', { Location: 'http://elsewhere.test/' });
    expect((await asking()).message).to.include('answered 301');
    expect(elsewhere.isDone()).to.equal(false);
  });

  it('does not wait for ever, and says why there is no answer', async () => {
    nock(SERVER).post('/v1/decisions').delay(2000).reply(200, {});
    expect((await asking()).message).to.include('was not answered: not within 0.2 s');
    nock(SERVER).post('/v1/decisions').replyWithError(new Error('connect ECONNREFUSED 127.0.0.1:8080'));
    expect((await asking()).message)
      .to.include(`POST ${SERVER}/v1/decisions was not answered`)
      .and.include('ECONNREFUSED');
  });

  it('sends the key with everything, and says where it belongs when it is not enough', async () => {
    const authorization = { reqheaders: { authorization: 'Bearer pk_key' } };
    const refused = { code: 'forbidden', detail: 'the key may not do that' };
    nock(SERVER, authorization).get('/v1/clock').reply(200, { now: BEFORE }).put('/v1/clock').reply(403, refused);
    const { message } = await failureOf(new HttpDoor(SERVER, { apiKey: 'pk_key' }).send(ASK, AT));
    expect(message).to.include('may not do that').and.include('PERKBOOK_API_KEY is the key that is sent');
    expect(message).to.not.include('PERKBOOK_TEST_CLOCK').and.not.include('pk_key');
  });

  it('never shows a key that cannot be sent', async () => {
    const { message } = await failureOf(new HttpDoor(SERVER, { apiKey: 'pk_a\npk_b' }).send(ASK, AT));
    expect(message).to.include('PERKBOOK_API_KEY is no key').and.not.include('pk_a');
  });

  it('says how to start a server whose clock cannot be set', async () => {
    const none = { code: 'unknown_path', detail: 'there is nothing' };
    nock(SERVER).get('/v1/clock').reply(404, none).put('/v1/clock').reply(404, none);
    const error = await failureOf(new HttpDoor(SERVER).send(ASK, AT));
    expect(error.message).to.include('PERKBOOK_TEST_CLOCK').and.include('there is nothing');
  });

  it('takes away whom it has written, and says once who had to stay', async () => {
    const door = open();
    const put = (user: string) =>
      door.send({ kind: 'put', user, facts: { terms: [], extras: [], attributes: {} } }, AT);
    nock(SERVER)
      .put(/^\/v1\/members\//)
      .times(3)
      .reply(201, {});
    for (const user of ['anna', 'ben', 'carla']) await put(user);
    nock(SERVER).delete('/v1/members/anna').reply(204);
    await door.send({ kind: 'remove', user: 'anna' }, AT);
    nock(SERVER).delete('/v1/members/ben').reply(204);
    nock(SERVER).delete('/v1/members/carla').reply(403, { code: 'forbidden', detail: 'the key may not do that' });
    await door.forget();
    await door.forget();
    nock(SERVER).put('/v1/clock', { now: BEFORE }).reply(200, { now: BEFORE });
    expect(await door.leave()).to.equal(`\`carla\` is still in the store of ${SERVER}: the key may not do that`);
    expect(await door.leave()).to.equal(undefined);
  });

  it('keeps an outage to itself when it takes members away', async () => {
    const door = open();
    nock(SERVER).post('/v1/decisions').reply(200, {});
    await door.send(ASK, AT);
    nock(SERVER).post('/v1/members/anna/consume').replyWithError(new Error('socket hang up'));
    nock(SERVER).delete('/v1/members/anna').replyWithError(new Error('connect ECONNREFUSED'));
    const request = { kind: 'consume', user: 'anna', question: QUESTION, key: 'k' } as const;
    expect((await failureOf(door.send(request, AT))).message).to.include('hang up');
    await door.forget();
    nock(SERVER).put('/v1/clock', { now: BEFORE }).reply(403, { code: 'forbidden', detail: 'not you' });
    expect(await door.leave())
      .to.match(/^`anna` is still in the store of .* ECONNREFUSED; /)
      .and.include(`; the clock of ${SERVER} no longer says ${BEFORE}: not you`);
  });
});
