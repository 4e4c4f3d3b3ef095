import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { loadRules } from '../../src/rules/load/folder/load-rules.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { HttpDoor } from '../../src/scenarios/doors/http.ts';
import { replay } from '../../src/scenarios/mocha.ts';
import type { Door, Json } from '../../src/scenarios/replay/door.ts';
import { type ScenarioServer, scenarioServer } from './server.ts';

const POLICIES = 'test/scenarios/policies';
const CHANGE = Date.parse('2027-01-10T00:00:00Z');

/** Which perks the answer says that other versions judged, for a term that spans the change and for one that begins with it. */
const MIXED: Readonly<Record<string, readonly (readonly [action: string, spanning: object, next: object])[]>> = {
  neverWorse: [
    ['lora.train', { trainings: [1, 2] }, { trainings: [1, 2] }],
    ['banner.upload', { banner: [1, 2] }, { banner: [1, 2] }],
    ['badge.show', { badge: [1, 2] }, { badge: [1, 2] }],
  ],
  perPerk: [
    ['lora.train', { trainings: [1, 2] }, { trainings: [1, 2] }],
    ['image.export', {}, {}],
    ['banner.upload', { banner: [2] }, {}],
    ['badge.show', {}, { badge: [1] }],
  ],
};

for (const policy of readdirSync(POLICIES)) {
  const fixtures = `${POLICIES}/${policy}/scenarios`;
  const rules = `${POLICIES}/${policy}/rules`;

  describe(`a change for \`${policy}\`, through the core`, () => {
    replay({ fixtures, rules });
    mixes(policy, async () => {
      const { book } = await loadRules(rules);
      if (book === undefined) throw new Error(`${rules} has errors`);
      return new CoreDoor(book);
    });
  });

  describe(`a change for \`${policy}\`, through HTTP, on the embedded store`, () => {
    let server: ScenarioServer;
    before(async () => {
      server = await scenarioServer(rules);
    });
    after(() => server.close());

    replay({ fixtures, rules, baseUrl: () => server.address });
    mixes(policy, async () => new HttpDoor(server.address));
  });
}

function mixes(policy: string, open: () => Promise<Door>): void {
  it('says which perks other versions judge', async () => {
    const door = await open();
    const actions = MIXED[policy] ?? ['lora.train', 'banner.upload', 'badge.show'].map((action) => [action, {}, {}]);
    for (const [action, spanning, next] of actions as NonNullable<(typeof MIXED)[string]>) {
      expect(await mixedOf(door, 'sam', action, CHANGE - 1), `${action}, before the change`).to.deep.equal({});
      expect(await mixedOf(door, 'sam', action, CHANGE), `${action}, across`).to.deep.equal(spanning);
      expect(await mixedOf(door, 'pia', action, CHANGE), `${action}, in the next term`).to.deep.equal(next);
      expect(await mixedOf(door, 'new', action, CHANGE), `${action}, new`).to.deep.equal({});
      expect(await mixedOf(door, 'old', action, CHANGE), `${action}, lapsed`).to.deep.equal({});
    }
    await door.leave?.();
  });

  // Scenarios forgive an answer that ends with the start of any later version, so that this is asked here.
  it('ends an answer with the start of the version, and none by it once it has started', async () => {
    const door = await open();
    const until = async (at: number) => (await asked(door, 'sam', 'banner.upload', at)).validUntil;
    expect(await until(CHANGE - 1)).to.equal('2027-01-10T00:00:00.000Z');
    expect(await until(CHANGE)).to.equal('2027-02-20T00:00:00.000Z');
    await door.leave?.();
  });

  it('shows the word for after the end of the card that judges', async () => {
    const door = await open();
    const words = async (at: number) => {
      await asked(door, 'sam', 'banner.show', at);
      const reply = await door.send({ kind: 'perks', user: 'mixed-sam' }, at);
      const perks = (reply.ok ? reply.body.perks : {}) as Record<string, { afterEnd: string }>;
      return [perks.banner?.afterEnd, perks.badge?.afterEnd];
    };
    expect(await words(CHANGE - 1)).to.deep.equal(['frozen', 'loses']);
    expect(await words(CHANGE)).to.deep.equal(WORDS[policy]);
    await door.leave?.();
  });
}

/** Of the banner and the badge, while a term runs that spans the change. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  now: ['loses', 'frozen'],
  nextTerm: ['frozen', 'loses'],
  whileSubscribed: ['frozen', 'loses'],
  neverWorse: ['frozen', 'frozen'],
  perPerk: ['loses', 'loses'],
};

const DATES: Readonly<Record<string, readonly (readonly [from: string, until: string])[]>> = {
  sam: [['2026-12-20', '2027-02-20']],
  pia: [
    ['2026-12-10', '2027-01-10'],
    ['2027-01-10', '2027-02-10'],
  ],
  new: [['2027-01-10', '2027-02-10']],
  old: [['2026-11-05', '2026-12-05']],
};

async function mixedOf(door: Door, who: string, action: string, at: number): Promise<object> {
  const { ruleSet } = await asked(door, who, action, at);
  return (ruleSet as { perks?: object }).perks ?? {};
}

async function asked(door: Door, who: string, action: string, at: number): Promise<Json> {
  const user = `mixed-${who}`;
  const terms = (DATES[who] ?? []).map(([from, until], index) => ({
    id: `t${index + 1}`,
    tier: 'starter',
    channel: 'web' as const,
    startsAt: `${from}T00:00:00.000Z`,
    endsAt: `${until}T00:00:00.000Z`,
  }));
  await door.send({ kind: 'put', user, facts: { terms, extras: [], attributes: {} } }, at);
  const reply = await door.send({ kind: 'ask', user, question: { action, ruleSet: 'club' } }, at);
  if (!reply.ok) throw new Error(reply.detail);
  return reply.body;
}
