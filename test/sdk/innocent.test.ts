import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { type Running, run, STARTER_TERM } from '../http/running.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, answersTo, catchRequests, client, problem, type Sent, TURBO } from './answering.ts';

const users = (count: number) => Array.from({ length: count }, (_, i) => ({ ...TURBO, user: `u-${i}` }));
const nested = (levels: number): Record<string, unknown> => (levels === 1 ? {} : { a: nested(levels - 1) });
const questionsIn = ({ body }: Sent): readonly { readonly user: string }[] => body.questions ?? [body];

describe('a question that a whole batch would be refused for', () => {
  let server: Running;
  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(() => server.close());

  it('nested as deep as the server takes one is answered, and so are the others', async () => {
    const perkbook = new Perkbook({ baseUrl: server.address });
    for (const levels of [89, 90, 97, 98, 99]) {
      const deep = { ...TURBO, context: nested(levels) };
      const [a, b] = await perkbook.mayAll([{ ...TURBO, user: `u-${levels}` }, deep]);
      expect([a.decision, b.decision], String(levels)).to.deep.equal(['deny', 'allow']);
    }
  });

  it('nested deeper fails alone', async () => {
    const perkbook = new Perkbook({ baseUrl: server.address });
    const [bad, good] = [perkbook.may({ ...TURBO, context: nested(100) }), perkbook.may(TURBO)];
    expect(await failureOf(bad)).to.include({ status: 400, code: 'malformed_json' });
    expect(await good).to.include({ decision: 'allow' });
  });

  it('what looks like brackets in a text is none', async () => {
    const perkbook = new Perkbook({ baseUrl: server.address });
    const text = `\\"${'{["'.repeat(200)}\\`;
    const [a, b] = await perkbook.mayAll([TURBO, { ...TURBO, context: { text } }]);
    expect([a.decision, b.decision]).to.deep.equal(['allow', 'allow']);
  });
});

describe('a batch that is refused as a whole', () => {
  catchRequests();

  for (const status of [400, 413, 422]) {
    it(`with ${status} is asked in halves, so that one question fails alone`, async () => {
      const sent = answering((each) =>
        questionsIn(each).some(({ user }) => user === 'u-37') ? problem(status, 'refused') : {},
      );
      const perkbook = client();
      const [bad, ...good] = [...users(100)]
        .sort((a) => (a.user === 'u-37' ? -1 : 1))
        .map((each) => perkbook.may(each));
      if (bad === undefined) throw new Error('somebody is asked about');
      expect(await failureOf(bad)).to.include({ kind: 'problem', status });
      for (const decision of await Promise.all(good)) expect(decision).to.include({ decision: 'allow' });
      expect(sent.length).to.be.below(20);
    });
  }

  it('again and again is not asked without end', async () => {
    const sent = answering(() => problem(400, 'refused'));
    expect(await failureOf(client().mayAll(users(1_000)))).to.include({ status: 400 });
    expect(sent.length).to.be.below(70);
  });

  it('for who asks, or because the server is away, is asked no more than any other', async () => {
    for (const status of [401, 403, 404, 500]) {
      const sent = answering(() => problem(status, 'refused'));
      expect(await failureOf(client().mayAll(users(10)))).to.include({ status });
      expect(sent, String(status)).to.have.lengthOf(1);
    }
  });

  it('in which half fails for another reason: the other half is answered', async () => {
    answering((each, n) =>
      n === 0 ? problem(413, 'too_large') : n === 1 ? problem(500, 'x') : { body: answersTo(each) },
    );
    const decisions = await client().mayAll(users(4), { orElse: 'deny' });
    expect(decisions.filter(({ fallback }) => fallback)).to.have.lengthOf(2);
  });
});
