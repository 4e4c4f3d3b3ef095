import { expect } from 'chai';
import { EVALUATION, EVALUATIONS, rulesFolder } from './authzen/asking.ts';
import { type Running, run } from './running.ts';

const RULES = `format: perkbook/1
ruleSet: club
version: 1
title: Club
effective: {from: 2026-01-01T00:00:00Z}
tiers: {free: {title: Free}, pro: {title: Pro}}
perks:
  size: {title: Size, kind: limit, of: context.size, tiers: {free: 5, pro: unlimited}, afterEnd: freeLevel, actions: {file.send: use}}
  large:
    title: Large
    kind: limit
    of: resource.properties.size
    tiers: {free: 5, pro: unlimited}
    afterEnd: freeLevel
    actions: {thing.send: {does: use, when: is_large}}
  bonus:
    title: Bonus
    kind: table
    by: context.n
    rows: {1: {free: 1, pro: 2}, abc: {free: 3, pro: 4}}
    afterEnd: freeLevel
    actions: {bonus.take: add}
actions:
  file.send: {title: Send a file}
  thing.send: {title: Send a thing, resource: thing}
  bonus.take: {title: Take the bonus}
conditions:
  is_large: {fact: context, path: $.large, operator: equal, value: true}
`;

describe('what a question claims', () => {
  let server: Running;
  const folder = rulesFolder({ club: RULES });
  before(async () => {
    server = await run({ rules: folder.rules });
    const term = { tier: 'pro', channel: 'web', startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' };
    await server.send('PUT', '/v1/members/paula', { terms: [term] });
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  const thing = (size: string) => `{"type": "thing", "id": "t", "properties": {"size": ${size}}}`;
  const CLAIMS = [
    ...['1e400', 'true', '"6"', '-1', '[1]'].map((value) => ({
      action: 'file.send',
      context: `{"size": ${value}}`,
      resource: undefined,
      field: '/context/size',
      says: /a finite number of at least 0$/,
    })),
    ...['1e400', 'true', '["abc"]'].map((value) => ({
      action: 'bonus.take',
      context: `{"n": ${value}}`,
      resource: undefined,
      field: '/context/n',
      says: /a text or a finite number$/,
    })),
    ...['1e400', 'false'].map((value) => ({
      action: 'thing.send',
      context: '{"large": true}',
      resource: thing(value),
      field: '/resource/properties/size',
      says: /a finite number of at least 0$/,
    })),
  ];

  it('is of its kind where something is measured or looked up, through every door', async () => {
    for (const { action, context, resource, field, says } of CLAIMS) {
      const about = resource === undefined ? '' : `, "resource": ${resource}`;
      const asked = `"action": "${action}", "context": ${context}${about}`;
      const own: readonly (readonly [string, string])[] = [
        ['/v1/decisions', `{"user": "paula", ${asked}}`],
        ['/v1/decisions/explain', `{"user": "paula", ${asked}}`],
        ['/v1/members/paula/consume', `{"idempotencyKey": "k", ${asked}}`],
      ];
      for (const [path, body] of own) {
        const { json } = await server.post(path, body);
        expect(json, `${path} ${body}`).to.include({ status: 400, code: 'invalid_field', field });
        expect(json.detail).to.match(says);
      }
      const batch = await server.post('/v1/decisions/batch', `{"questions": [${own[0]?.[1]}]}`);
      expect(batch.json.decisions[0].error).to.include({ status: 400, code: 'invalid_field', field });
      const ruleSet = '{"type": "ruleSet", "id": "club"}';
      const evaluation = `{"subject": {"type": "user", "id": "paula"}, "action": {"name": "${action}"}, "resource": ${resource ?? ruleSet}, "context": ${context}}`;
      expect((await server.post(EVALUATION, evaluation)).json, evaluation).to.include({ status: 400, field });
      const many = await server.post(EVALUATIONS, `{"evaluations": [${evaluation}]}`);
      expect(many.json.evaluations[0].context.error).to.include({ status: 400, field });
    }
    expect((await server.get('/v1/members/paula')).json.revision).to.equal(1);
  });

  it('may be any text or number that is', async () => {
    for (const n of ['1', '1.0', '1e0', '"abc"', '"1"']) {
      const { json } = await server.post(
        '/v1/decisions',
        `{"user": "paula", "action": "bonus.take", "context": {"n": ${n}}}`,
      );
      expect(json.values.bonus.amount, n).to.equal(n === '"abc"' ? 4 : 2);
    }
    for (const size of ['0', '0.5', '1e300']) {
      const { json } = await server.post(
        '/v1/decisions',
        `{"user": "paula", "action": "file.send", "context": {"size": ${size}}}`,
      );
      expect(json, size).to.include({ decision: 'allow' });
      expect(json.values.size.asked).to.equal(Number(size));
    }
    const small = await server.post(
      '/v1/decisions',
      `{"user": "sam", "action": "thing.send", "resource": {"type": "thing"}}`,
    );
    expect(small.json, 'nothing is measured').to.include({ decision: 'allow' });
  });
});
