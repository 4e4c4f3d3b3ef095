import { expect } from 'chai';
import nock from 'nock';
import { openRemoteDesk } from '../../src/cli/desk/remote-desk.ts';
import { NotDone, WrongUse } from '../../src/cli/frame/errors.ts';
import { failureOf } from '../support/expecting.ts';
import { answeredByNockAlone } from '../support/nock-alone.ts';

// Importing it is enough to catch what all tests of a run send: only these want that.
nock.restore();

const SERVER = 'http://perkbook.test:8080';
const QUESTION = { user: 'sam', action: 'generation.turbo' };

describe('the desk of a server', () => {
  answeredByNockAlone();

  function rules() {
    const actions = [{ id: 'generation.turbo', input: { fast: { type: 'boolean' } }, resource: null }];
    return nock(SERVER)
      .get('/v1/rule-sets')
      .reply(200, { ruleSets: [{ id: 'club' }] })
      .get('/v1/rule-sets/club')
      .reply(200, { tiers: [{ id: 'pro', title: 'Pro' }], actions });
  }

  async function open() {
    rules();
    return openRemoteDesk(`${SERVER}/`, { withinMs: 200 });
  }

  const asking = async () => failureOf((await open()).ask(QUESTION));

  it('knows what the server declares, and sends it the question as it is', async () => {
    const desk = await open();
    const asked = nock(SERVER).post('/v1/decisions', QUESTION).reply(200, { decision: 'allow' });
    expect(await desk.ask(QUESTION)).to.deep.equal({ decision: 'allow' });
    expect(asked.isDone()).to.equal(true);
    expect((await desk.actionNamed('generation.turbo', undefined))?.input).to.have.key('fast');
    expect([desk.titleOf('pro'), desk.titleOf('gold')]).to.deep.equal(['Pro', 'gold']);
    nock(SERVER).post('/v1/decisions/explain').reply(200, { gates: [] });
    expect(await desk.explain(QUESTION)).to.deep.equal({ gates: [] });
  });

  it('asks also where its key may not read the rules', async () => {
    nock(SERVER).get('/v1/rule-sets').reply(403, { code: 'forbidden', detail: 'this needs the scope `rules:read`' });
    const desk = await openRemoteDesk(SERVER);
    expect(await desk.actionNamed('generation.turbo', undefined)).to.equal(undefined);
    expect(desk.titleOf('pro')).to.equal('pro');
    nock(SERVER).post('/v1/decisions', QUESTION).reply(200, { decision: 'allow' });
    expect(await desk.ask(QUESTION)).to.deep.equal({ decision: 'allow' });
    nock(SERVER).get('/v1/rule-sets').reply(401, { code: 'unauthenticated', detail: 'no key' });
    expect((await failureOf(openRemoteDesk(SERVER))).message).to.include('PERKBOOK_API_KEY');
  });

  it('says in time that a server is silent, also in the middle of its answer', async () => {
    nock(SERVER).post('/v1/decisions').delay(2000).reply(200, {});
    const begun = performance.now();
    const error = await asking();
    expect(error).to.be.instanceOf(NotDone);
    expect(error.message).to.equal(`\`${SERVER}\` cannot be asked: no answer within 0.2 s`);
    expect(performance.now() - begun).to.be.below(1500);
  });

  it('wants the address without `/v1`', async () => {
    const error = await failureOf(openRemoteDesk(`${SERVER}/v1/`));
    expect(error).to.be.instanceOf(WrongUse);
    expect(error.message).to.equal(`the address of a server is without \`/v1\`: \`${SERVER}\``);
  });

  it('says when a server wants to be asked again', async () => {
    nock(SERVER)
      .post('/v1/decisions')
      .reply(503, { code: 'facts_unreachable', detail: 'the store is away' }, { 'Retry-After': '2' });
    const error = await asking();
    expect(error).to.be.instanceOf(NotDone);
    expect(error.message).to.equal(`\`${SERVER}\` could not answer: the store is away; ask again in 2 seconds`);
    nock(SERVER)
      .post('/v1/decisions')
      .reply(429, { code: 'too_many_requests', detail: 'too much' }, { 'Retry-After': '1' });
    expect((await asking()).message).to.include('too much; ask again in 1 second');
    nock(SERVER).post('/v1/decisions').reply(429, { code: 'too_many_wrong_keys', detail: 'too many wrong keys' });
    expect((await asking()).message).to.include('PERKBOOK_API_KEY');
  });

  it('leaves to the caller what the caller can mend', async () => {
    nock(SERVER)
      .post('/v1/decisions')
      .reply(404, { code: 'unknown_action', detail: 'no such action', didYouMean: 'generation.turbo' });
    const error = await asking();
    expect(error).to.be.instanceOf(WrongUse);
    expect(error).to.include({ message: 'no such action' });
  });

  it('notices what is no JSON, no object, or no answer of Perkbook', async () => {
    for (const answer of ['<html>', '{"decision": "al', '', 'null', '[]', '"yes"']) {
      nock(SERVER).post('/v1/decisions').reply(200, answer);
      const error = await asking();
      expect(error, answer).to.be.instanceOf(NotDone);
      expect(error.message).to.include('does not answer with a JSON object');
    }
    for (const [status, answer] of [
      [502, '<html>Bad gateway'],
      [500, 'null'],
      [404, 'not here'],
      [404, '[]'],
    ] as const) {
      nock(SERVER).post('/v1/decisions').reply(status, answer);
      const error = await asking();
      expect(error).to.be.instanceOf(NotDone);
      expect(error.message).to.include(`status ${status}`);
    }
    nock(SERVER).get('/v1/rule-sets').reply(200, { hello: 'world' });
    const other = await failureOf(openRemoteDesk(SERVER));
    expect(other).to.be.instanceOf(NotDone);
    expect(other.message).to.include('something else than Perkbook');
  });

  it('follows nobody elsewhere', async () => {
    const elsewhere = nock('http://elsewhere.test').get('/').reply(200, { decision: 'allow' });
    nock(SERVER).post('/v1/decisions').reply(302, '', { Location: 'http://elsewhere.test/' });
    const error = await asking();
    expect(error.message).to.include('to `http://elsewhere.test/`').and.include('the server itself');
    expect(elsewhere.isDone()).to.equal(false);
  });

  it('says why a server cannot be reached', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8080'), { code: 'ECONNREFUSED' });
    nock(SERVER).get('/v1/rule-sets').replyWithError(refused);
    const error = await failureOf(openRemoteDesk(SERVER));
    expect(error).to.be.instanceOf(NotDone);
    expect(error.message).to.include(SERVER).and.include('ECONNREFUSED');
  });
});
