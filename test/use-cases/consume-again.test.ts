import { expect } from 'chai';
import { fromApiConsume } from '../../src/api/decisions/from-api-question.ts';
import { toApiConsumption } from '../../src/api/members/to-api-consumption.ts';
import { ANYBODY, type Caller } from '../../src/domain/caller.ts';
import type { RememberedKey } from '../../src/domain/consumption.ts';
import { newMember } from '../../src/domain/member.ts';
import { ownBook } from '../../src/rules/own-book.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { consume } from '../../src/use-cases/consumes/consume.ts';
import { release } from '../../src/use-cases/consumes/release.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { documents } from '../support/rule-sets.ts';
import { book, bookOf, changedMembership, DAY, NOON, openWorld, problemOf, replaced, type World } from './support.ts';

const TERM = { tier: 'starter', channel: 'web', startsAt: NOON - 3 * DAY, endsAt: NOON + 27 * DAY } as const;
const LORAS = 'loras: {title: LoRAs, type: integer, minimum: 0}';
const GENERATE = { action: 'generation.create', input: { loras: 1, width: 8, height: 8 }, idempotencyKey: 'k' };
const same = (yaml: string) => yaml;
/** The membership as it is, and then with this change. */
const changed = (from: string, to: string) => bookOf(documents, changedMembership(same, later(replaced(from, to))));
const later = (change: (yaml: string) => string) => (yaml: string) =>
  change(yaml).replace('from: 2026-01-01T00:00:00Z', 'from: 2026-11-22T00:00:00Z');

const callerOf = (ruleSet: string): Caller => ({
  id: `pk_${ruleSet}`,
  scopes: new Set(),
  ruleSets: new Set([ruleSet]),
});

describe('a consume that is sent again', () => {
  let world: World;
  let users = 0;
  let user = '';
  before(async () => {
    world = await openWorld();
  });
  beforeEach(async () => {
    user = `u-${++users}`;
    await putMember(world, book, user, { terms: [TERM] });
  });
  after(() => world.close());

  const send = async (json: Readonly<Record<string, unknown>>, rules: RuleBook = book, by: Caller = ANYBODY) => {
    const wanted = fromApiConsume(json, user, ownBook(by, rules), world.clock.now());
    return toApiConsumption(await consume(world, rules, wanted, { key: wanted.key, id: 'd', by }));
  };

  it('is the same, whatever has been published in between', async () => {
    const first = await send(GENERATE);
    const changes: Readonly<Record<string, RuleBook>> = {
      'an input with a default': changed(LORAS, `${LORAS}\n      upscale: {type: boolean, default: false}`),
      'an input that is required': changed(LORAS, `${LORAS}\n      upscale: {type: boolean}`),
      'an action that is gone': bookOf(documents, changedMembership(replaced(GENERATE.action, 'generation.make'))),
      'another rule set with this action': {
        ...book,
        ruleSetsOf: new Map([[GENERATE.action, ['x', 'pixai-membership']]]),
      },
    };
    for (const [what, rules] of Object.entries(changes)) {
      expect(await send(GENERATE, rules), what).to.deep.equal({ ...first, replayed: true });
    }
    expect(world.store.get(user)?.revision).to.equal(first.revision);
  });

  it('is the same with what goes without saying, or with the rule set named', async () => {
    const rules = changed(LORAS, `${LORAS}\n      upscale: {type: boolean, default: false}`);
    const first = await send(GENERATE, rules);
    const others = [
      { ...GENERATE, input: { ...GENERATE.input, upscale: false } },
      { ...GENERATE, amount: 1, ruleSet: 'pixai-membership', detail: 'full' },
    ];
    for (const other of others) expect(await send(other, rules)).to.deep.equal({ ...first, replayed: true });
    expect((await problemOf(() => send({ ...GENERATE, ruleSet: 'documents' }, rules))).code).to.equal('unknown_action');
  });

  it('is told what is wrong with it where it is another', async () => {
    const rules = changed(LORAS, `${LORAS}\n      upscale: {type: boolean}`);
    await send(GENERATE);
    const other = { ...GENERATE, input: { ...GENERATE.input, loras: 2 } };
    expect(await problemOf(() => send(other, rules))).to.include({ code: 'missing_field', field: '/input/upscale' });
    expect(await problemOf(() => send(other))).to.include({ code: 'key_reused' });
  });

  it('has been released for good, whatever has been published in between', async () => {
    await send(GENERATE);
    await release(world, { user, key: 'k', by: ANYBODY });
    const rules = changed(LORAS, `${LORAS}\n      upscale: {type: boolean}`);
    expect(await problemOf(() => send(GENERATE, rules))).to.include({ code: 'key_released' });
  });

  it('matches what was remembered before there was a fingerprint of what was sent', async () => {
    const first = await send(GENERATE);
    await remembered(({ sent: _later, ...before }) => before);
    // What is written for this test alone is a revision more.
    expect(await send(GENERATE)).to.deep.equal({ ...first, revision: first.revision + 1, replayed: true });
    const other = { ...GENERATE, input: { ...GENERATE.input, loras: 2 } };
    expect(await problemOf(() => send(other))).to.include({ code: 'key_reused' });
  });

  it('is known to a perkbook that knows only the fingerprint of before', async () => {
    await send(GENERATE);
    let kept: RememberedKey | undefined;
    await remembered((each) => {
      kept = each;
      return each;
    });
    // The first form, as evaluators that have not been updated yet compute it.
    expect(kept?.fingerprint).to.equal('-beMESIFH4J3C70qOMjLDAIlqGkl_km3OdxDbRzbxAY');
  });

  describe('by callers that are kept to rule sets', () => {
    const reader = callerOf('documents');
    const member = callerOf('pixai-membership');
    const resource = { type: 'document', id: 'handbook' };
    const READ = { action: 'document.read', resource, idempotencyKey: 'k' };
    const TRAIN = { action: 'lora.train_free', idempotencyKey: 'k' };

    it('is released by who speaks for what was used, and by nobody else', async () => {
      await send(READ, book, reader);
      const refused = await problemOf(() => release(world, { user, key: 'k', by: member }));
      expect(refused).to.include({ code: 'forbidden', field: '/idempotencyKey' });
      expect(refused.message).to.not.match(/documents/);
      expect(await release(world, { user, key: 'k', by: reader })).to.include({ alreadyReleased: false });

      await send({ ...TRAIN, idempotencyKey: 'l' }, book, member);
      expect(await problemOf(() => release(world, { user, key: 'l', by: reader }))).to.include({ code: 'forbidden' });
      expect(await release(world, { user, key: 'l', by: member })).to.include({ released: 1 });
      const unknown = await problemOf(() => release(world, { user, key: 'm', by: reader }));
      expect(unknown).to.include({ code: 'unknown_key' });
    });

    it('says of a key that others have used only that it is taken', async () => {
      await send(READ, book, reader);
      const taken = await problemOf(() => send(TRAIN, book, member));
      expect(taken).to.include({ code: 'key_reused', field: '/idempotencyKey' });
      expect(taken.message).to.equal('the idempotency key `k` is taken for this member; a new attempt needs a new key');
      await release(world, { user, key: 'k', by: reader });
      expect(await problemOf(() => send(TRAIN, book, member)), 'released or not').to.deep.equal(taken);
    });

    it('is no way to read the answers of others', async () => {
      await send(READ, book, reader);
      expect(await problemOf(() => send(READ, book, member))).to.include({ code: 'forbidden', field: '/action' });
    });
  });

  /** Changes what is remembered under the one key there is. */
  async function remembered(change: (key: RememberedKey) => RememberedKey): Promise<void> {
    await world.store.update(
      user,
      ({ member = newMember(user), remembered: key }) => {
        if (key === undefined) throw new Error('nothing is remembered');
        return { result: undefined, write: { member, remember: change(key) } };
      },
      { key: 'k' },
    );
  }
});
