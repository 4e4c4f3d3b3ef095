import { expect } from 'chai';
import fc from 'fast-check';
import { toApiMember } from '../../../src/api/members/to-api-member.ts';
import type { Extra } from '../../../src/domain/member.ts';
import { member } from '../../support/arbitrary-member.ts';
import { type Running, run, STARTER_TERM } from '../running.ts';
import { document, EVALUATION, may, RULES, search, searchAll, user } from './asking.ts';

describe('an AuthZEN search', () => {
  let server: Running;

  before(async () => {
    server = await run();
    const put = (id: string, body: object) => server.send('PUT', `/v1/members/${id}`, body);
    await put('sam', { terms: [STARTER_TERM] });
    await put('u-anna', { terms: [] });
    await put('u-ben', { terms: [] });
    await put('boss', { terms: [], attributes: { role: 'admin' } });
    await put('editor', { terms: [], attributes: { role: 'editor' } });
  });
  after(() => server.close());

  const who = (action: string, resource: object, rest: object = {}) =>
    searchAll(server, 'subject', { ...may({ type: 'user' }, action, resource as never), ...rest });
  const which = (id: string, action: string, rest: object = {}) =>
    searchAll(server, 'resource', { ...may(user(id), action, { type: 'document' }), ...rest });
  const what = (subject: object, resource: object, rest: object = {}) =>
    searchAll(server, 'action', { subject, resource, ...rest });

  it('for subjects finds the members who may, in the order of their ids', async () => {
    expect(await who('document.read', document('salaries'))).to.deep.equal(['boss', 'u-ben']);
    expect(await who('document.edit', document('handbook'))).to.deep.equal(['boss', 'u-anna']);
    expect(await who('document.read', document('handbook'))).to.have.lengthOf(5);
    expect(await who('generation.turbo', RULES)).to.deep.equal(['sam']);
  });

  it('for subjects judges by the claims of the request, which are those of each', async () => {
    expect(await who('document.edit', document('draft', { owner: 'editor' }))).to.deep.equal(['boss', 'editor']);
    const later = { context: { perkbook: { at: '2027-01-01T00:00:00Z' } } };
    expect(await who('generation.turbo', RULES, later)).to.deep.equal([]);
  });

  it('for resources finds those of the catalogue', async () => {
    expect(await which('boss', 'document.delete')).to.deep.equal(['handbook', 'salaries']);
    expect(await which('u-anna', 'document.read')).to.deep.equal(['handbook']);
    expect(await which('u-ben', 'document.edit')).to.deep.equal(['salaries']);
    expect(await which('editor', 'document.delete')).to.deep.equal([]);
  });

  it('for actions finds what can be done to such a resource, and nothing else', async () => {
    const all = ['document.delete', 'document.edit', 'document.read'];
    expect(await what(user('boss'), document('salaries'))).to.deep.equal(all);
    expect(await what(user('u-anna'), document('handbook'))).to.deep.equal(all);
    expect(await what(user('u-anna'), document('salaries'))).to.deep.equal([]);
    expect(await what(user('sam'), document('handbook'))).to.deep.equal(['document.read']);
    expect(await what(user('sam'), { type: 'model', id: 'm-1' })).to.deep.equal(['model.use_early']);
  });

  it('for the actions of a membership has the rule set as its resource', async () => {
    const free = await what(user('u-anna'), RULES);
    const starter = await what(user('sam'), RULES);
    expect(free).to.include('credits.daily.claim').and.not.include('generation.turbo');
    expect(starter).to.include.members(['credits.daily.claim', 'generation.turbo', 'lora.train_free']);
    expect(starter).to.deep.equal([...starter].sort());
    // What needs an input cannot be asked without one.
    expect(starter).to.not.include('generation.create');
    expect(
      await searchAll(server, 'resource', may(user('sam'), 'generation.turbo', { type: 'ruleSet' })),
    ).to.deep.equal(['pixai-membership']);
    expect(
      await searchAll(server, 'resource', may(user('u-ben'), 'generation.turbo', { type: 'ruleSet' })),
    ).to.deep.equal([]);
  });

  it('answers entities of the type that it searched for, with an empty token at the end', async () => {
    const bodies = {
      subject: may({ type: 'user', id: 'ignored' } as never, 'document.edit', document('salaries')),
      resource: may(user('u-ben'), 'document.edit', document('ignored')),
      action: { ...may(user('u-ben'), 'ignored', document('salaries')) },
    };
    const got = (searched: 'subject' | 'resource' | 'action') => search(server, searched, bodies[searched]);
    expect((await got('subject')).json).to.deep.equal({
      results: [user('boss'), user('u-ben')],
      page: { next_token: '', count: 2 },
    });
    expect((await got('resource')).json.results).to.deep.equal([document('salaries')]);
    expect((await got('action')).json.results).to.deep.equal([
      { name: 'document.delete' },
      { name: 'document.edit' },
      { name: 'document.read' },
    ]);
  });

  it('finds nothing for an action that is not there, status 200, and says so', async () => {
    const action = 'document.red';
    for (const [searched, resource] of [
      ['subject', document('handbook')],
      ['resource', { type: 'document' }],
      ['resource', { type: 'ruleSet' }],
    ] as const) {
      const { status, json } = await search(server, searched, may(user('boss'), action, resource as never));
      expect(status).to.equal(200);
      expect(json).to.deep.include({ results: [], page: { next_token: '', count: 0 } });
      expect(json.context.error).to.include({ status: 404, code: 'unknown_action', didYouMean: 'document.read' });
      expect(json.context.error.field).to.equal('/action/name');
    }
  });

  it('finds nothing where a rule set or a type of resource is not there, status 200, and says so', async () => {
    const inRuleSet = (ruleSet: string) => ({ context: { perkbook: { ruleSet } } });
    const turbo = (type: string, rest?: object) => may(user('sam'), 'generation.turbo', { type }, rest as never);
    const about = (resource: object, rest: object = {}) => ({ subject: user('boss'), resource, ...rest });
    const named = '/context/perkbook/ruleSet';
    const cases: readonly (readonly ['resource' | 'action', object, object])[] = [
      [
        'resource',
        may(user('boss'), 'document.read', { type: 'ruleSet' }),
        { code: 'unknown_action', field: '/resource/type', didYouMean: 'document' },
      ],
      [
        'resource',
        turbo('ruleSet', inRuleSet('docments')),
        { code: 'unknown_rule_set', field: named, didYouMean: 'documents' },
      ],
      ['resource', turbo('ruleSet', inRuleSet('documents')), { code: 'unknown_action', field: named }],
      ['resource', turbo('rulset'), { code: 'unknown_action', field: '/resource/type', didYouMean: 'ruleSet' }],
      [
        'action',
        about(document('handbook'), inRuleSet('docments')),
        { code: 'unknown_rule_set', field: named, didYouMean: 'documents' },
      ],
      [
        'action',
        about({ type: 'ruleSet', id: 'pixai-membershi' }),
        { code: 'unknown_rule_set', field: '/resource/id', didYouMean: 'pixai-membership' },
      ],
      [
        'action',
        about({ type: 'documnet', id: 'handbook' }),
        { code: 'unknown_action', field: '/resource/type', didYouMean: 'document' },
      ],
      [
        'action',
        about({ type: 'ruleset', id: 'pixai-membership' }),
        { code: 'unknown_action', field: '/resource/type', didYouMean: 'ruleSet' },
      ],
      ['action', about(document('handbook'), inRuleSet('pixai-membership')), { field: '/resource/type' }],
    ];
    for (const [searched, body, says] of cases) {
      const { status, json } = await search(server, searched, body as never);
      expect(status, JSON.stringify(body)).to.equal(200);
      expect(json).to.deep.include({ results: [], page: { next_token: '', count: 0 } });
      expect(json.context?.error, JSON.stringify(body)).to.include({ status: 404, ...says });
    }
    for (const resource of [document('no-such'), { type: 'ruleSet', id: 'documents' }]) {
      expect((await search(server, 'action', about(resource) as never)).json).to.not.have.property('context');
    }
  });

  it('finds nothing for a type of subject that is nearly the one of members, and says so', async () => {
    for (const [searched, body] of [
      ['subject', may({ type: 'users' }, 'document.read', document('handbook'))],
      ['resource', may({ type: 'User', id: 'boss' }, 'document.read', { type: 'document' })],
      ['resource', may({ type: 'User', id: 'boss' }, 'generation.turbo', { type: 'ruleSet' })],
      ['action', { subject: { type: 'usr', id: 'boss' }, resource: document('handbook') }],
    ] as const) {
      const { status, json } = await search(server, searched, body);
      expect(status).to.equal(200);
      expect(json).to.deep.include({ results: [], page: { next_token: '', count: 0 } });
      const says = { status: 404, code: 'unknown_subject_type', field: '/subject/type', didYouMean: 'user' };
      expect(json.context.error, searched).to.include(says);
    }
    const robots = await search(server, 'subject', may({ type: 'robot' }, 'document.read', document('handbook')));
    expect(robots.json).to.not.have.property('context');
  });

  it('finds nothing for an id or a type that nobody knows, status 200', async () => {
    expect(await who('document.read', document('no-such'))).to.deep.equal([]);
    expect(await who('document.read', { type: 'folder', id: 'x' })).to.deep.equal([]);
    expect(await who('document.burn', document('handbook'))).to.deep.equal([]);
    expect(
      await searchAll(server, 'subject', may({ type: 'robot' }, 'document.read', document('handbook'))),
    ).to.deep.equal([]);
    expect(await which('no-such', 'document.read')).to.deep.equal([]);
    expect(await searchAll(server, 'resource', may(user('boss'), 'document.read', { type: 'folder' }))).to.deep.equal(
      [],
    );
    expect(await what(user('no-such'), document('handbook'))).to.deep.equal([]);
    expect(await what({ type: 'robot', id: 'r2' }, document('handbook'))).to.deep.equal([]);
    expect(await what(user('boss'), document('no-such'))).to.deep.equal([]);
    expect(await what(user('boss'), { type: 'folder', id: 'x' })).to.deep.equal([]);
    expect(await what(user('boss'), { type: 'ruleSet', id: 'no-such' })).to.deep.equal([]);
    for (const ruleSet of ['no-such', 'documents', 'pixai-membership']) {
      const { status, json } = await search(
        server,
        'resource',
        may(user('sam'), 'generation.turbo', { type: 'ruleSet' }, { context: { perkbook: { ruleSet } } }),
      );
      const found = ruleSet === 'pixai-membership' ? [{ type: 'ruleSet', id: ruleSet }] : [];
      expect([status, json.results], ruleSet).to.deep.equal([200, found]);
    }
  });

  it('knows whom and what the request describes', async () => {
    expect(await what(user('guest', { team: 'red' }), document('handbook'))).to.deep.equal(['document.read']);
    expect(await what(user('guest', { team: 'red' }), document('draft', { owner: 'guest' }))).to.deep.equal([
      'document.delete',
      'document.edit',
      'document.read',
    ]);
    expect(await which('guest', 'document.read', { subject: user('guest', { team: 'red' }) })).to.deep.equal([
      'handbook',
    ]);
    expect(await what({ type: 'robot', id: 'r2', properties: { team: 'red' } }, document('handbook'))).to.deep.equal([
      'document.read',
    ]);
  });

  it('is a bad request where anything else than what is searched for is incomplete', async () => {
    const subject = may({ type: 'user' }, 'document.read', document('handbook'));
    const resource = may(user('sam'), 'document.read', { type: 'document' });
    const action = { subject: user('sam'), resource: document('handbook') };
    const cases: readonly (readonly ['subject' | 'resource' | 'action', object, string])[] = [
      ['subject', { ...subject, subject: {} }, '/subject/type'],
      ['subject', { ...subject, subject: undefined }, '/subject'],
      ['subject', { ...subject, resource: { type: 'document' } }, '/resource/id'],
      ['subject', { ...subject, action: undefined }, '/action'],
      ['subject', { ...subject, action: { name: 7 } }, '/action/name'],
      ['subject', may({ type: 'user' }, 'generation.create', RULES), '/action/properties/loras'],
      ['resource', { ...resource, subject: { type: 'user' } }, '/subject/id'],
      ['resource', { ...resource, resource: { id: 'x' } }, '/resource/type'],
      ['resource', { ...resource, action: {} }, '/action/name'],
      ['action', { ...action, subject: { id: 'sam' } }, '/subject/type'],
      ['action', { ...action, resource: { type: 'document' } }, '/resource/id'],
      ['action', { ...action, context: 'now' }, '/context'],
      ['action', { ...action, context: { perkbook: { at: 'now' } } }, '/context/perkbook/at'],
      ['action', { ...action, page: 1 }, '/page'],
      ['action', { ...action, page: { limit: -1 } }, '/page/limit'],
      ['action', { ...action, page: { limit: 1.5 } }, '/page/limit'],
      ['action', { ...action, page: { limit: '10' } }, '/page/limit'],
      ['action', { ...action, page: { token: 7 } }, '/page/token'],
    ];
    for (const [searched, body, field] of cases) {
      const got = await search(server, searched, body as never);
      expect([got.status, got.json.field], `${searched} ${JSON.stringify(body)}`).to.deep.equal([400, field]);
    }
  });

  it('for actions finds exactly what evaluations allow, whoever the member is', async () => {
    const actions = (await server.get('/v1/rule-sets/pixai-membership')).json.actions as {
      id: string;
      input: Record<string, { default?: unknown }>;
      resource: string | null;
    }[];
    const plain = actions.filter(
      ({ input, resource }) => resource === null && Object.values(input).every((each) => each.default !== undefined),
    );
    expect(plain.length).to.be.greaterThan(15);
    await fc.assert(
      fc.asyncProperty(member, async (each) => {
        const stored = { ...each, id: 'm', extras: each.extras.filter(isPossible) };
        const { terms, usage, holdings, extras } = toApiMember({ member: stored, conflicts: [] } as never);
        const written = await server.send('PUT', '/v1/members/m', { terms, usage, holdings, extras });
        expect(written.status, written.text).to.be.oneOf([200, 201]);
        const allowed: string[] = [];
        for (const { id } of plain) {
          if ((await server.post(EVALUATION, may(user('m'), id, RULES))).json.decision) allowed.push(id);
        }
        expect(await what(user('m'), RULES)).to.deep.equal(allowed.sort());
        for (const id of ['generation.turbo', 'lora.train_free']) {
          expect((await who(id, RULES)).includes('m')).to.equal(allowed.includes(id));
        }
      }),
      { numRuns: 25 },
    );
    await server.send('DELETE', '/v1/members/m');
  });
});

/** What is stored may be older than the check that it ends after it begins. */
function isPossible({ from = 0, until = Number.POSITIVE_INFINITY }: Extra): boolean {
  return from < until;
}
