import { expect } from 'chai';
import fc from 'fast-check';
import { ANYBODY } from '../../src/domain/caller.ts';
import { release } from '../../src/use-cases/consumes/release.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { book, DAY, iso, NOON, openWorld, problemOf, type World } from './support.ts';

const TERM = { tier: 'starter', channel: 'web', startsAt: NOON - 3 * DAY, endsAt: NOON + 27 * DAY } as const;

describe('release', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  beforeEach(() => world.clock.set(NOON));
  after(() => world.close());

  it('undoes a consume: the facts are as they were', async () => {
    let run = 0;
    const consumption = fc.record({
      action: fc.constantFrom('lora.train_free', 'private_model.upload', 'private_model.delete'),
      amount: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(consumption, { maxLength: 4 }), consumption, async (earlier, last) => {
        const user = `undo-${run++}`;
        await putMember(world, book, user, {
          terms: [TERM],
          holdings: { private_models: 7 },
          usage: { free_lora_training: [] },
        });
        for (const [i, each] of earlier.entries()) await world.consume(user, { ...each, idempotencyKey: `k${i}` });
        const before = world.store.get(user);
        const answer = await world.consume(user, { ...last, idempotencyKey: 'last' });
        if (answer.decision === 'deny') return;
        const released = await release(world, { user, key: 'last', by: ANYBODY });
        expect(released).to.include({
          released: answer.consumed,
          alreadyReleased: false,
          revision: answer.revision + 1,
        });
        const after = world.store.get(user);
        expect(after?.usage).to.deep.equal(before?.usage);
        expect(after?.holdings).to.deep.equal(before?.holdings);
      }),
      { numRuns: 40 },
    );
  });

  it('twice changes nothing more and says so', async () => {
    await putMember(world, book, 'twice', { terms: [TERM] });
    await world.consume('twice', { action: 'lora.train_free', amount: 2, idempotencyKey: 'k' });
    const first = await release(world, { user: 'twice', key: 'k', by: ANYBODY });
    expect(await release(world, { user: 'twice', key: 'k', by: ANYBODY })).to.deep.equal({
      ...first,
      released: 0,
      alreadyReleased: true,
    });
    expect(world.store.get('twice')?.revision).to.equal(3);
  });

  it('a claimed grant can be claimed again, with a new key', async () => {
    const action = 'credits.daily.claim';
    await world.consume('claim', { action, idempotencyKey: 'a' });
    await release(world, { user: 'claim', key: 'a', by: ANYBODY });
    expect(await problemOf(() => world.consume('claim', { action, idempotencyKey: 'a' }))).to.include({
      code: 'key_released',
    });
    expect(await world.consume('claim', { action, idempotencyKey: 'b' })).to.include({ decision: 'allow' });
  });

  it('a key that consumed nothing is unknown', async () => {
    await world.consume('denied', { action: 'generation.turbo', idempotencyKey: 'k' });
    for (const user of ['denied', 'nobody']) {
      expect(await problemOf(() => release(world, { user, key: 'k', by: ANYBODY }))).to.include({
        code: 'unknown_key',
      });
    }
  });

  it('never takes away what somebody else has written since', async () => {
    await putMember(world, book, 'rewritten', { terms: [TERM], holdings: { private_models: 2 } });
    await world.consume('rewritten', { action: 'lora.train_free', idempotencyKey: 'a' });
    await world.consume('rewritten', { action: 'private_model.upload', amount: 3, idempotencyKey: 'b' });
    const usage = { free_lora_training: [{ at: NOON, amount: 2 }] };
    await putMember(world, book, 'rewritten', { usage, holdings: { private_models: 1 } });
    await release(world, { user: 'rewritten', key: 'a', by: ANYBODY });
    await release(world, { user: 'rewritten', key: 'b', by: ANYBODY });
    expect(world.store.get('rewritten')).to.deep.include({ usage, holdings: { private_models: 0 } });
  });

  it('takes it off the folded entry that swallowed it', async () => {
    const at = NOON - 65 * DAY;
    const claims = Array.from({ length: 1001 }, (_, i) => ({ at: at + i, amount: 1 }));
    await putMember(world, book, 'folded', {
      usage: { free_lora_training: claims.slice(1) },
      terms: [{ ...TERM, startsAt: at - 60 * DAY, tier: 'pro' }],
    });
    // Only a test clock lets a consume lie so far back that its own write folds it.
    await putMember(world, book, 'folded', { extras: [{ perk: 'free_lora_training', amount: 2000 }] });
    await world.consume('folded', { action: 'lora.train_free', idempotencyKey: 'k', at: iso(at) });
    expect(world.store.get('folded')?.usage.free_lora_training).to.deep.equal([{ at: at + 1000, amount: 1001 }]);
    await release(world, { user: 'folded', key: 'k', by: ANYBODY });
    expect(world.store.get('folded')?.usage.free_lora_training).to.deep.equal([{ at: at + 1000, amount: 1000 }]);
  });
});
