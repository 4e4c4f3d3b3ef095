import { expect } from 'chai';
import { loadRules } from '../../src/rules/load/folder/load-rules.ts';
import { compileText } from '../../src/scenarios/compile/load.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { HttpDoor } from '../../src/scenarios/doors/http.ts';
import { failureText } from '../../src/scenarios/replay/failure-text.ts';
import { replayCases } from '../../src/scenarios/replay/replay.ts';
import { type ScenarioServer, scenarioServer } from './server.ts';

const AT = Date.parse('2026-11-24T00:00:00Z');

describe('a scenario about a subject that is no user', () => {
  let server: ScenarioServer;
  before(async () => {
    server = await scenarioServer('rules');
  });
  after(() => server.close());

  it('is told by every door, with what was answered instead', async () => {
    const { book } = await loadRules('rules');
    if (book === undefined) throw new Error('the rules have errors');
    const text = `
ruleSet: documents
scenarios:
  - name: a device
    members: {anna: {id: u-anna}}
    timeline:
      - {at: 2026-11-24, ask: document.edit, as: device, resource: {type: document, id: handbook}, expect: allow}
`;
    const { cases } = compileText(text, 'a.yaml', book);
    for (const door of [new CoreDoor(book), new HttpDoor(server.address)]) {
      const [result] = await replayCases(cases, door);
      expect(result === undefined ? '' : failureText(result), door.name).to.equal(
        [
          'a.yaml:7 2026-11-24 anna: ask document.edit as a device',
          '            expected  actual',
          '  decision  allow     deny',
        ].join('\n'),
      );
    }
  });

  it('has a problem where the door has one', async () => {
    const door = new HttpDoor(server.address);
    const ask = (action: string, input: object) =>
      door.send(
        { kind: 'ask', user: 'd', as: 'device', question: { action, ruleSet: 'pixai-membership', ...input } },
        AT,
      );
    expect(await ask('generation.turbo', {})).to.have.nested.property('body.reason.code', 'not_in_plan');
    expect(await ask('generation.create', {})).to.include({ ok: false, code: 'missing_field' });
    expect(await ask('generation.crate', {})).to.include({ ok: false, code: 'unknown_action', field: '/action/name' });
  });
});
