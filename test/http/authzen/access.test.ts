import { expect } from 'chai';
import { newMember } from '../../../src/domain/member.ts';
import { bearer, type Keyed, runWithKeys } from '../access/with-keys.ts';
import { STARTER_TERM } from '../running.ts';
import { document, EVALUATION, EVALUATIONS, may, RULES, user } from './asking.ts';

const TURBO = may(user('sam'), 'generation.turbo', RULES);
const READ = may(user('sam'), 'document.read', document('handbook'));
const LATER = { context: { perkbook: { at: '2030-01-01T00:00:00Z' } } };

describe('who may ask over AuthZEN', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] }, server.admin);
  });
  after(() => server.close());

  it('has a key with the scope `decide`; the metadata is for everybody', async () => {
    const paths = [
      EVALUATION,
      EVALUATIONS,
      ...['subject', 'resource', 'action'].map((each) => `/access/v1/search/${each}`),
    ];
    const deciding = await server.key(['decide']);
    const reading = await server.key(['members:read', 'rules:read']);
    for (const path of paths) {
      const anonymous = await server.post(path, TURBO);
      expect(anonymous.json, path).to.include({ status: 401, code: 'unauthenticated' });
      expect(anonymous.headers.get('www-authenticate')).to.match(/^Bearer realm=/);
      expect((await server.post(path, TURBO, bearer('pk_wrong'))).status).to.equal(401);
      const other = await server.post(path, TURBO, reading);
      expect(other.json, path).to.include({ status: 403, code: 'forbidden' });
      const wants = path.endsWith('/subject') ? await server.key(['decide', 'members:read']) : deciding;
      expect((await server.post(path, TURBO, wants)).status, path).to.equal(200);
    }
    expect((await server.get('/.well-known/authzen-configuration')).status).to.equal(200);
  });

  it('finds members only with the scope `members:read` besides: results are a list of them', async () => {
    const { json, headers } = await server.post('/access/v1/search/subject', TURBO, await server.key(['decide']));
    expect(json).to.include({ status: 403, code: 'forbidden', scope: 'members:read' });
    expect(headers.get('www-authenticate')).to.contain('scope="members:read"');
  });

  it('asks at another instant only with the scope `decide:at`', async () => {
    const now = await server.key(['decide', 'members:read']);
    const always = await server.key(['decide', 'decide:at', 'members:read']);
    for (const path of [
      EVALUATION,
      '/access/v1/search/subject',
      '/access/v1/search/resource',
      '/access/v1/search/action',
    ]) {
      const body = { ...READ, ...LATER };
      const refused = await server.post(path, body, now);
      expect(refused.json, path).to.include({ status: 403, field: '/context/perkbook/at' });
      expect(refused.headers.get('www-authenticate')).to.contain('scope="decide:at"');
      expect((await server.post(path, body, always)).status).to.equal(200);
    }
    const { json } = await server.post(EVALUATIONS, { ...TURBO, evaluations: [{}, LATER] }, now);
    expect(json.evaluations[0].decision).to.equal(true);
    expect(json.evaluations[1].context.error).to.include({ status: 403, field: '/context/perkbook/at' });
  });

  it('is told nothing about rule sets that its key does not speak for', async () => {
    const documents = await server.key(['decide', 'members:read'], { ruleSets: ['documents'] });
    const post = (path: string, body: object) => server.post(path, body, documents);
    expect((await post(EVALUATION, READ)).json.decision).to.equal(true);
    expect((await post(EVALUATION, TURBO)).json).to.include({ status: 403, code: 'forbidden' });
    const { json } = await post(EVALUATIONS, { evaluations: [READ, TURBO] });
    expect(json.evaluations[0].decision).to.equal(true);
    expect(json.evaluations[1]).to.deep.include({ decision: false });
    expect(json.evaluations[1].context.error.status).to.equal(403);
    expect((await post('/access/v1/search/subject', TURBO)).status).to.equal(403);
    const others = await post('/access/v1/search/action', TURBO);
    expect(others.json.results).to.deep.equal([]);
    expect(others.json.context.error).to.include({ code: 'unknown_rule_set', field: '/resource/id' });
    const none = { type: 'ruleSet', id: 'no-such' };
    const nowhere = (await post('/access/v1/search/action', { ...TURBO, resource: none })).text;
    expect(others.text.replaceAll('pixai-membership', 'no-such'), 'there or not').to.equal(nowhere);
    expect((await post('/access/v1/search/action', READ)).json.results).to.deep.equal([{ name: 'document.read' }]);
  });

  it('pays for a list and for a long search as for as many requests', async () => {
    const limited = await runWithKeys({ rateLimit: { requests: 20, perSeconds: 3600 } });
    for (let i = 0; i < 250; i++) {
      const member = { ...newMember(`u-${i}`), revision: 1 };
      await limited.store.update(member.id, () => ({ result: undefined, write: { member } }));
    }
    const evaluations = Array.from({ length: 25 }, () => ({}));
    const long: readonly (readonly [string, object])[] = [
      [EVALUATIONS, { ...READ, evaluations }],
      ['/access/v1/search/subject', READ],
    ];
    for (const [path, body] of long) {
      const key = await limited.key(['decide', 'members:read']);
      expect((await limited.post(path, body, key)).status, path).to.equal(200);
      const refused = await limited.post(EVALUATION, READ, key);
      expect(refused.status, path).to.equal(429);
      expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
    }
    await limited.close();
  });
});
