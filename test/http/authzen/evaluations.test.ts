import { expect } from 'chai';
import fc from 'fast-check';
import { type Running, run, STARTER_TERM } from '../running.ts';
import { document, EVALUATION, EVALUATIONS, may, RULES, user } from './asking.ts';

// Of a stranger's three documents the first and the last may be read.
const READ = { subject: user('stranger'), action: { name: 'document.read' } };
const THREE = [
  { resource: document('handbook') },
  { resource: document('salaries') },
  { resource: document('notes', { visibility: 'public' }) },
];

describe('AuthZEN evaluations', () => {
  let server: Running;

  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    await server.send('PUT', '/v1/members/boss', { terms: [], attributes: { role: 'admin' } });
  });
  after(() => server.close());

  const ask = async (body: unknown) => (await server.post(EVALUATIONS, body)).json;
  const decisions = async (body: unknown): Promise<readonly boolean[]> =>
    (await ask(body)).evaluations.map((each: { decision: boolean }) => each.decision);

  it('are answered in their order, without a decision of their own', async () => {
    expect(await decisions({ ...READ, evaluations: THREE })).to.deep.equal([true, false, true]);
    expect(await ask({ ...READ, evaluations: THREE })).to.have.all.keys('evaluations');
  });

  it('stop with the first denial, or the first permission, that one included', async () => {
    const asked = (evaluations_semantic: string, evaluations: readonly object[] = THREE) =>
      decisions({ ...READ, evaluations, options: { evaluations_semantic, other: 1 } });
    expect(await asked('execute_all')).to.deep.equal([true, false, true]);
    expect(await asked('deny_on_first_deny')).to.deep.equal([true, false]);
    expect(await asked('permit_on_first_permit')).to.deep.equal([true]);
    expect(await asked('deny_on_first_deny', [{ resource: document('handbook') }])).to.deep.equal([true]);
    expect(await asked('permit_on_first_permit', [{ resource: document('salaries') }, ...THREE])).to.deep.equal([
      false,
      true,
    ]);
  });

  it('stop with the first that cannot be understood: a failure is a denial', async () => {
    const body = { ...READ, evaluations: [{}, ...THREE], options: { evaluations_semantic: 'deny_on_first_deny' } };
    expect(await decisions(body)).to.deep.equal([false]);
  });

  it('take from the defaults what they do not name, and replace whole what they name', async () => {
    const defaults = may(user('sam'), 'document.edit', document('notes', { owner: 'sam' }));
    expect(await decisions({ ...defaults, evaluations: [{}] })).to.deep.equal([true]);
    // Without the owner that the default claims.
    expect(await decisions({ ...defaults, evaluations: [{ resource: document('notes') }] })).to.deep.equal([false]);
    const { evaluations } = await ask({
      ...may(user('sam'), 'lora.train_free', RULES, { context: { perkbook: { amount: 4 } } }),
      evaluations: [{}, { context: {} }],
    });
    expect(evaluations.map((each: { decision: boolean }) => each.decision)).to.deep.equal([false, true]);
  });

  it('without a list, or with an empty one, are a single evaluation', async () => {
    const whole = may(user('stranger'), 'document.read', document('handbook'));
    for (const body of [whole, { ...whole, evaluations: [] }]) {
      const got = await ask(body);
      expect(got.decision).to.equal(true);
      expect(got).to.not.have.property('evaluations');
    }
    const incomplete = await server.post(EVALUATIONS, { ...READ, evaluations: [] });
    expect([incomplete.status, incomplete.json.field]).to.deep.equal([400, '/resource']);
  });

  it('deny one that cannot be understood, with the error, and answer the others', async () => {
    const { evaluations } = await ask({
      ...READ,
      evaluations: [
        THREE[0],
        {},
        { resource: document('handbook'), subject: { type: 'user' } },
        { resource: document('handbook'), action: { name: 'document.raed' } },
        { resource: null },
        'text',
        { ...may(user('sam'), 'generation.create', RULES) },
        THREE[2],
      ],
    });
    expect(evaluations.map((each: { decision: boolean }) => each.decision)).to.deep.equal([
      ...[true, false, false, false, false, false, false, true],
    ]);
    const errors = evaluations.slice(1, -1).map(({ context }: { context: { error: object } }) => context.error);
    expect(errors.map(({ status, field }: { status: number; field: string }) => [status, field])).to.deep.equal([
      [400, '/resource'],
      [400, '/subject/id'],
      [404, '/action/name'],
      [400, '/resource'],
      [400, ''],
      [400, '/action/properties/loras'],
    ]);
    for (const { message } of errors) expect(message).to.be.a('string').that.is.not.empty;
  });

  it('are a bad request as a whole where that is wrong which concerns all', async () => {
    const many = Array.from({ length: 1001 }, () => ({}));
    const cases: readonly (readonly [unknown, string])[] = [
      [{ evaluations: {} }, '/evaluations'],
      [{ ...READ, evaluations: many }, '/evaluations'],
      [{ ...READ, subject: 'sam', evaluations: THREE }, '/subject'],
      [{ ...READ, context: [], evaluations: THREE }, '/context'],
      [{ ...READ, options: [], evaluations: THREE }, '/options'],
      [
        { ...READ, options: { evaluations_semantic: 'deny_on_first' }, evaluations: THREE },
        '/options/evaluations_semantic',
      ],
      [[], ''],
    ];
    for (const [body, field] of cases) {
      const got = await server.post(EVALUATIONS, body);
      expect([got.status, got.json.field], JSON.stringify(body).slice(0, 80)).to.deep.equal([400, field]);
    }
  });

  it('are told which of them is no object', async () => {
    for (const evaluations_semantic of ['execute_all', 'permit_on_first_permit']) {
      const options = { evaluations_semantic };
      const { evaluations } = await ask({ subject: user('sam'), options, evaluations: [{}, 7, [], null] });
      for (const index of [1, 2, 3]) {
        const { error } = evaluations[index].context;
        expect([error.status, error.field]).to.deep.equal([400, '']);
        expect(error.message).to.match(new RegExp(`^evaluation ${index} must be an object`));
      }
    }
  });

  it('may be a thousand', async () => {
    const evaluations = Array.from({ length: 1000 }, (_, i) => THREE[i % 3]);
    const answers = await decisions({ ...READ, evaluations });
    expect(answers).to.deep.equal(evaluations.map((each) => each !== THREE[1]));
  });

  it('of one user with different properties are different questions', async () => {
    const draft = (owner: string) => ({ resource: document('draft', { owner }) });
    const body = {
      subject: user('sam'),
      action: { name: 'document.edit' },
      evaluations: [
        draft('sam'),
        draft('anna'),
        { ...draft('sam'), subject: user('sam', { role: 'admin' }) },
        { ...draft('anna'), subject: user('sam', { role: 'admin' }) },
        draft('sam'),
      ],
    };
    expect(await decisions(body)).to.deep.equal([true, false, true, false, true]);
  });

  it('answer as each alone would be answered, whatever they are', async () => {
    const subject = fc.constantFrom(user('sam'), user('boss'), user('stranger'), { type: 'service', id: 'sam' });
    const action = fc.constantFrom(
      ...['document.read', 'document.edit', 'generation.turbo', 'lora.train_free', 'no.such'].map((name) => ({ name })),
      ...[3, 5, 6].map((loras) => ({ name: 'generation.create', properties: { loras, width: 1, height: 1 } })),
    );
    const resource = fc.constantFrom(
      ...[document('handbook'), document('salaries'), document('draft', { owner: 'sam' }), RULES, { type: 'x' }],
    );
    const item = fc.record({ subject, action, resource }, { requiredKeys: [] });
    const whole = fc.record({ subject, action, resource });
    await fc.assert(
      fc.asyncProperty(whole, fc.array(item, { minLength: 1, maxLength: 5 }), async (defaults, items) => {
        const { evaluations } = await ask({ ...defaults, evaluations: items });
        expect(evaluations).to.have.lengthOf(items.length);
        for (const [i, each] of items.entries()) {
          const alone = await server.post(EVALUATION, { ...defaults, ...each });
          const { decision, context } = evaluations[i];
          if (alone.status === 200) {
            expect(withoutId(context)).to.deep.equal(withoutId(alone.json.context));
            expect(decision).to.equal(alone.json.decision);
          } else {
            expect(decision).to.equal(false);
            expect([context.error.status, context.error.message]).to.deep.equal([alone.status, alone.json.detail]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

function withoutId(context: object): object {
  return { ...context, id: undefined };
}
