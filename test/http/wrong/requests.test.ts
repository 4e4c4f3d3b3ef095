import { expect } from 'chai';
import { type Running, run } from '../running.ts';
import { WRONG_BATCH } from './batch.ts';
import { WRONG_BODY } from './body.ts';
import { WRONG_CLOCK } from './clock.ts';
import { WRONG_CONSUMING } from './consuming.ts';
import { WRONG_MEMBERS } from './members.ts';
import { WRONG_PATH } from './path.ts';
import { WRONG_QUERY } from './query.ts';
import { WRONG_QUESTION } from './question.ts';
import { WRONG_RULE_SETS } from './rule-sets.ts';
import { DECISIONS, MEMBER, type Wrong } from './wrong.ts';

/** Every way to ask wrongly. */
const ALL: readonly Wrong[] = [
  ...WRONG_BODY,
  ...WRONG_QUESTION,
  ...WRONG_BATCH,
  ...WRONG_MEMBERS,
  ...WRONG_CONSUMING,
  ...WRONG_QUERY,
  ...WRONG_RULE_SETS,
  ...WRONG_PATH,
  ...WRONG_CLOCK,
];

describe('what is asked wrongly', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  for (const {
    what,
    method = 'POST',
    path = DECISIONS,
    headers,
    body,
    status,
    code,
    field,
    didYouMean,
    detail,
  } of ALL) {
    it(`${what}: ${status} ${code}`, async () => {
      const got = await server.send(method, path, body, headers);
      expect(got.json, got.text).to.include({ status, code, type: `urn:perkbook:problem:${code}` });
      expect(got.status).to.equal(status);
      expect(got.headers.get('content-type')).to.equal('application/problem+json');
      expect(got.headers.get('x-request-id')).to.be.a('string');
      expect(got.json.title).to.be.a('string').that.is.not.empty;
      expect(got.json.detail)
        .to.match(/^[^A-Z]/)
        .and.not.match(/ at .*\.[jt]s|undefined/);
      expect(got.json.field).to.equal(field);
      expect(got.json.didYouMean).to.equal(didYouMean);
      if (detail !== undefined) expect(got.json.detail).to.match(detail);
    });
  }

  it('a wrong method names the right ones, in `Allow`', async () => {
    const { headers } = await server.send('POST', MEMBER, {});
    expect(headers.get('allow')).to.equal('GET, HEAD, PUT, PATCH, DELETE, OPTIONS');
  });

  it('a key that is there twice counts once, the last one', async () => {
    const { status, json } = await server.post(DECISIONS, '{"user": "a", "user": "b", "action": "generation.turbo"}');
    expect([status, json.user]).to.deep.equal([200, 'b']);
  });

  it('nesting without end does no harm', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const { status } = await server.post(DECISIONS, `{"user": "a", "action": "generation.turbo", "context": ${deep}}`);
    expect(status).to.be.oneOf([200, 400]);
  });
});
