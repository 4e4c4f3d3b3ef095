import { expect } from 'chai';
import { NOON, type Running, run, STARTER_TERM } from '../running.ts';
import { document, EVALUATION, may, RULES, user } from './asking.ts';

const LORAS = { loras: 6, width: 1024, height: 1024 };
const GENERATION = { type: 'generation', id: 'g-1' };

describe('an AuthZEN evaluation', () => {
  let server: Running;

  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    await server.send('PUT', '/v1/members/boss', { terms: [], attributes: { role: 'admin' } });
  });
  after(() => server.close());

  const create = (properties: object, rest: object = {}) => ({
    subject: user('sam'),
    action: { name: 'generation.create', properties },
    resource: GENERATION,
    ...rest,
  });
  const ask = async (body: unknown) => (await server.post(EVALUATION, body)).json;

  it('says no with the reason, the numbers and what would change it, status 200', async () => {
    const { status, headers, json } = await server.post(EVALUATION, create(LORAS));
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('application/json');
    expect(json.decision).to.equal(false);
    const { id, ruleSet, ...context } = json.context;
    expect(id).to.match(/^[0-9A-Z]{26}$/);
    expect(ruleSet).to.include({ id: 'pixai-membership', version: 1 });
    expect(context).to.deep.equal({
      at: NOON,
      tier: 'starter',
      membership: 'active',
      reason: {
        code: 'limit_exceeded',
        perk: 'loras_per_generation',
        message: 'This uses 6 LoRAs; your plan allows 5.',
      },
      values: { loras_per_generation: { asked: 6, limit: 5 } },
      unlockedBy: 'hobbyist',
      validUntil: STARTER_TERM.endsAt,
      degraded: false,
    });
  });

  it('says yes with the same context, without a reason', async () => {
    const { decision, context } = await ask(create({ ...LORAS, loras: 5 }));
    expect(decision).to.equal(true);
    expect(context.values.loras_per_generation).to.deep.equal({ asked: 5, limit: 5 });
    expect(context).to.not.have.any.keys('reason', 'unlockedBy', 'user', 'action', 'decision');
  });

  it('ignores unknown fields everywhere, and inputs that the action does not declare', async () => {
    const body = {
      ...create({ ...LORAS, loras: 5, method: 'GET' }),
      subject: { ...user('sam'), email: 'x' },
      resource: { ...GENERATION, owner: 7 },
      context: { time: 'now', perkbooks: 1 },
      trace: [],
    };
    expect((await ask(body)).decision).to.equal(true);
  });

  it('judges a user whom nobody has written about as somebody without a membership', async () => {
    const { decision, context } = await ask(may(user('nobody'), 'generation.turbo', RULES));
    expect([decision, context.membership, context.reason.code]).to.deep.equal([false, 'none', 'not_in_plan']);
  });

  it('knows only subjects of type `user` as members', async () => {
    const asked = (subject: object) => ask(may(subject as never, 'generation.turbo', RULES));
    expect((await asked(user('sam'))).decision).to.equal(true);
    const service = await asked({ type: 'service', id: 'sam' });
    expect([service.decision, service.context.reason.code]).to.deep.equal([false, 'not_in_plan']);
  });

  it('never takes claims for facts', async () => {
    const claims = { attributes: { role: 'admin' }, role: 'admin', tier: 'pro', id: 'u-ben' };
    const { decision } = await ask(
      may(user('sam', claims), 'document.read', document('salaries', { owner: 'sam', visibility: 'public' }), {
        context: { ...claims, user: { attributes: { role: 'admin' } } },
      }),
    );
    expect(decision).to.equal(false);
    expect((await ask(may(user('boss'), 'document.read', document('salaries')))).decision).to.equal(true);
  });

  it('lets rules see the claims that they ask for: of a document in no catalogue, the owner', async () => {
    const notes = (owner: string) => ask(may(user('sam'), 'document.edit', document('notes', { owner })));
    expect((await notes('sam')).decision).to.equal(true);
    expect((await notes('anna')).decision).to.equal(false);
  });

  it('takes nobody but a user for the owner of a document, whoever else has the id of one', async () => {
    const claimed = { type: 'document', id: 'notes', properties: { owner: 'u-anna' } };
    for (const resource of [document('handbook'), claimed]) {
      for (const [type, decision] of [
        ['user', true],
        ['device', false],
      ] as const) {
        const { json } = await server.post(EVALUATION, may({ type, id: 'u-anna' }, 'document.edit', resource));
        expect(json.decision, `${type} ${resource.id}`).to.equal(decision);
      }
    }
  });

  describe('what is not there is denied, loudly', () => {
    const cases: readonly (readonly [string, object, object])[] = [
      [
        'an action',
        may(user('sam'), 'generation.turbbo', RULES),
        { status: 404, code: 'unknown_action', field: '/action/name', didYouMean: 'generation.turbo' },
      ],
      [
        'an action for resources of another type',
        may(user('sam'), 'document.read', { type: 'documents', id: 'handbook' }),
        { status: 404, code: 'unknown_action', field: '/resource/type', didYouMean: 'document' },
      ],
      [
        'a rule set, as the resource',
        may(user('sam'), 'generation.turbo', { type: 'ruleSet', id: 'pixai-memberships' }),
        { status: 404, code: 'unknown_rule_set', field: '/resource/id', didYouMean: 'pixai-membership' },
      ],
      [
        'a rule set, by name',
        may(user('sam'), 'generation.turbo', RULES, { context: { perkbook: { ruleSet: 'other' } } }),
        { status: 404, code: 'unknown_rule_set', field: '/context/perkbook/ruleSet' },
      ],
      [
        'an action in the rule set that is named',
        may(user('sam'), 'generation.turbo', RULES, { context: { perkbook: { ruleSet: 'documents' } } }),
        { status: 404, code: 'unknown_action', field: '/context/perkbook/ruleSet' },
      ],
      ...['User', 'users', 'usr'].map(
        (type) =>
          [
            `a type of subject that is nearly the one of members: ${type}`,
            may({ type, id: 'sam' }, 'generation.turbo', RULES),
            { status: 404, code: 'unknown_subject_type', field: '/subject/type', didYouMean: 'user' },
          ] as const,
      ),
    ];
    for (const [what, body, error] of cases) {
      it(what, async () => {
        const got = await server.post(EVALUATION, body);
        expect(got.status).to.equal(200);
        expect(got.json.decision).to.equal(false);
        expect(got.json.context.error).to.include(error);
        expect(got.json.context.error.message).to.be.a('string').that.is.not.empty;
      });
    }
  });

  describe('what is badly said is a bad request', () => {
    const whole = may(user('sam'), 'generation.turbo', RULES);
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['no subject', { ...whole, subject: undefined }, '/subject'],
      ['no action', { ...whole, action: undefined }, '/action'],
      ['no resource', { ...whole, resource: undefined }, '/resource'],
      ['a subject that is a text', { ...whole, subject: 'sam' }, '/subject'],
      ['a subject without an id', { ...whole, subject: { type: 'user' } }, '/subject/id'],
      ['a subject without a type', { ...whole, subject: { id: 'sam' } }, '/subject/type'],
      ['an id that is a number', { ...whole, subject: { type: 'user', id: 7 } }, '/subject/id'],
      ['an empty id', { ...whole, subject: user('') }, '/subject/id'],
      ['a user id with a line break', { ...whole, subject: user('a\nb') }, '/subject/id'],
      ['a user id of 257 characters', { ...whole, subject: user('x'.repeat(257)) }, '/subject/id'],
      ['properties that are a list', { ...whole, subject: { ...user('sam'), properties: [] } }, '/subject/properties'],
      ['properties that are null', { ...whole, resource: { ...RULES, properties: null } }, '/resource/properties'],
      ['an action that is a text', { ...whole, action: 'generation.turbo' }, '/action'],
      ['an action without a name', { ...whole, action: {} }, '/action/name'],
      ['a resource without an id', { ...whole, resource: { type: 'x' } }, '/resource/id'],
      ['a context that is a list', { ...whole, context: [] }, '/context'],
      ['a list', [whole], ''],
      ['null', 'null', ''],
      ['an input that is missing', create({ width: 1, height: 1 }), '/action/properties/loras'],
      ['an input of a wrong type', create({ ...LORAS, loras: '6' }), '/action/properties/loras'],
      ['an extension of a wrong type', { ...whole, context: { perkbook: 7 } }, '/context/perkbook'],
      ['an unknown extension', { ...whole, context: { perkbook: { amuont: 2 } } }, '/context/perkbook/amuont'],
      ['an amount of a half', { ...whole, context: { perkbook: { amount: 0.5 } } }, '/context/perkbook/amount'],
      ['an instant without a zone', { ...whole, context: { perkbook: { at: '2026-11-22' } } }, '/context/perkbook/at'],
    ];
    for (const [what, body, field] of cases) {
      it(what, async () => {
        const got = await server.post(EVALUATION, body);
        expect([got.status, got.json.status, got.json.field]).to.deep.equal([400, 400, field]);
        expect(got.headers.get('content-type')).to.equal('application/problem+json');
        expect(got.json).to.not.have.property('decision');
      });
    }

    it('no body, half a body, another content type or none', async () => {
      const send = (body: string, type?: string) =>
        server.send('POST', EVALUATION, body, type === undefined ? {} : { 'Content-Type': type });
      for (const got of [
        await send(''),
        await send('{"subject":'),
        await send(JSON.stringify(whole), 'text/plain'),
        await send(JSON.stringify(whole), 'application/x-www-form-urlencoded'),
      ]) {
        expect([got.status, got.json.status]).to.deep.equal([400, 400]);
      }
      expect((await send(JSON.stringify(whole), 'application/json; charset=utf-8')).status).to.equal(200);
    });
  });

  it('takes an amount, an instant and a revision from `context.perkbook`, which rules do not see', async () => {
    const turbo = (perkbook: object) => may(user('sam'), 'generation.turbo', RULES, { context: { perkbook } });
    expect((await ask(turbo({ at: '2026-12-20T00:00:00Z' }))).context.reason.code).to.equal('membership_ended');
    expect((await ask(turbo({ minRevision: 1 }))).decision).to.equal(true);
    const train = (amount: number) =>
      ask(may(user('sam'), 'lora.train_free', RULES, { context: { perkbook: { amount } } }));
    expect((await train(3)).decision).to.equal(true);
    expect((await train(4)).context.reason.code).to.equal('quota_used_up');
  });

  it('gives the request id back, on answers and on errors', async () => {
    const id = { 'X-Request-ID': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' };
    for (const body of [may(user('sam'), 'generation.turbo', RULES), {}]) {
      const { headers } = await server.post(EVALUATION, body, id);
      expect(headers.get('x-request-id')).to.equal(id['X-Request-ID']);
    }
  });

  it('is JSON also for who would like something else: AuthZEN knows no 406', async () => {
    const asked = may(user('sam'), 'generation.turbo', RULES);
    for (const Accept of ['text/html', 'application/xml;q=0.9', 'x']) {
      const { status, headers } = await server.post(EVALUATION, asked, { Accept });
      expect([status, headers.get('content-type')], Accept).to.deep.equal([200, 'application/json']);
      expect((await server.post('/access/v1/search/action', asked, { Accept })).status).to.equal(200);
      expect((await server.get('/.well-known/authzen-configuration', { Accept })).status).to.equal(200);
    }
  });

  it('is only there for POST', async () => {
    const got = await server.get(EVALUATION);
    expect(got.status).to.equal(405);
    expect(got.headers.get('allow')).to.match(/^POST\b/);
  });
});
