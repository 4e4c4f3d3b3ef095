import { expect } from 'chai';
import fc from 'fast-check';
import { fromApiConsume } from '../../src/api/decisions/from-api-question.ts';
import { ANYBODY } from '../../src/domain/caller.ts';
import { newMember } from '../../src/domain/member.ts';
import { consume } from '../../src/use-cases/consumes/consume.ts';
import { deleteMember } from '../../src/use-cases/members/delete-member.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { type MemberStore, StoreUnreachable } from '../../src/use-cases/ports.ts';
import { book, DAY, HOUR, NOON, openWorld, problemOf, type World } from './support.ts';

const TERM = { tier: 'starter', channel: 'web', startsAt: NOON - 3 * DAY, endsAt: NOON + 27 * DAY } as const;

describe('consume', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  beforeEach(() => world.clock.set(NOON));
  after(() => world.close());

  it('records a use of a quota and says the values before and after', async () => {
    await putMember(world, book, 'quota', { terms: [TERM] });
    const answer = await world.consume('quota', { action: 'lora.train_free', amount: 2, idempotencyKey: 'k' });
    expect(answer).to.include({ decision: 'allow', consumed: 2, revision: 2 }).and.not.have.property('replayed');
    expect(answer.values.free_lora_training).to.include({ used: 0, remaining: 3 });
    expect(answer.after.free_lora_training).to.include({ used: 2, remaining: 1 });
    expect(world.store.get('quota')?.usage).to.deep.equal({ free_lora_training: [{ at: NOON, amount: 2, key: 'k' }] });
  });

  it('more than is left is a denial that records nothing and is not remembered', async () => {
    await putMember(world, book, 'more', { terms: [TERM] });
    const before = world.store.get('more');
    const denied = await world.consume('more', { action: 'lora.train_free', amount: 4, idempotencyKey: 'k' });
    expect(denied).to.include({ decision: 'deny', consumed: 0, revision: 1 });
    expect(denied.after).to.deep.equal(denied.values);
    expect(world.store.get('more')).to.deep.equal(before);
    const allowed = await world.consume('more', { action: 'lora.train_free', amount: 3, idempotencyKey: 'k' });
    expect(allowed).to.include({ decision: 'allow', consumed: 3 });
  });

  it('says the same revision again where the member had been deleted before', async () => {
    const own = await openWorld();
    await putMember(own, book, 'again', { terms: [TERM] });
    await deleteMember(own, 'again');
    const question = { action: 'credits.daily.claim', idempotencyKey: 'k' };
    const first = await own.consume('again', question);
    expect(first.revision, 'above every one that it had').to.be.greaterThan(1);
    const replay = await own.consume('again', question);
    expect(replay).to.include({ replayed: true, revision: first.revision });
    await putMember(own, book, 'again', { holdings: { private_models: 1 } });
    expect((await own.consume('again', question)).revision, 'its own, not that of today').to.equal(first.revision);
    await own.close();
  });

  it('the last one of a quota shows the perk used up, not a denial', async () => {
    await putMember(world, book, 'last', { terms: [TERM] });
    const answer = await world.consume('last', { action: 'lora.train_free', amount: 3, idempotencyKey: 'k' });
    expect(answer.after.free_lora_training).to.include({ used: 3, remaining: 0 });
  });

  it('fills slots, empties them, and stops at none', async () => {
    await putMember(world, book, 'slots', { terms: [TERM], holdings: { private_models: 13 } });
    const up = await world.consume('slots', { action: 'private_model.upload', amount: 2, idempotencyKey: 'a' });
    expect(up.after.private_models).to.include({ used: 15, remaining: 0 });
    const full = await world.consume('slots', { action: 'private_model.upload', idempotencyKey: 'b' });
    expect(full).to.have.nested.property('reason.code', 'slots_full');
    const down = await world.consume('slots', { action: 'private_model.delete', amount: 40, idempotencyKey: 'c' });
    expect(down).to.include({ decision: 'allow', consumed: 15 });
    const none = await world.consume('slots', { action: 'private_model.delete', idempotencyKey: 'd' });
    expect(none).to.include({ decision: 'allow', consumed: 0 });
    expect(world.store.get('slots')?.holdings).to.deep.equal({ private_models: 0 });
  });

  it('claims a grant once in its period', async () => {
    const first = await world.consume('grant', { action: 'credits.daily.claim', idempotencyKey: 'a' });
    expect(first).to.include({ decision: 'allow', consumed: 1, tier: 'free' });
    expect(first.after.daily_credits).to.include({ claimed: true, amount: 10_000 });
    const second = await world.consume('grant', { action: 'credits.daily.claim', idempotencyKey: 'b' });
    expect(second).to.have.nested.property('reason.code', 'already_claimed');
    world.clock.set(NOON + 12 * HOUR);
    const tomorrow = await world.consume('grant', { action: 'credits.daily.claim', idempotencyKey: 'b' });
    expect(tomorrow).to.include({ decision: 'allow', consumed: 1 });
  });

  it('an unknown user is created only when something is recorded', async () => {
    const nothing = await world.consume('nobody', { action: 'private_model.delete', idempotencyKey: 'k' });
    expect(nothing).to.include({ decision: 'allow', consumed: 0, revision: 0 });
    expect(world.store.get('nobody')).to.equal(undefined);
    await world.consume('nobody', { action: 'credits.daily.claim', idempotencyKey: 'l' });
    expect(world.store.get('nobody')).to.include({ id: 'nobody', revision: 1 });
  });

  describe('the same key', () => {
    it('gets the first answer, whatever has happened since', async () => {
      await putMember(world, book, 'replay', { terms: [TERM] });
      const ask = { action: 'lora.train_free', idempotencyKey: 'k' };
      const first = await world.consume('replay', ask);
      await world.consume('replay', { ...ask, idempotencyKey: 'other', amount: 2 });
      world.clock.set(NOON + 30 * HOUR);
      expect(await world.consume('replay', ask)).to.deep.equal({ ...first, replayed: true });
      expect(world.store.get('replay')?.usage.free_lora_training).to.have.length(2);
    });

    it('is remembered where nothing is recorded, too', async () => {
      await putMember(world, book, 'plain', { terms: [TERM] });
      const ask = { action: 'private_model.use', idempotencyKey: 'k' };
      const first = await world.consume('plain', ask);
      expect(first).to.include({ consumed: 0 });
      expect(await world.consume('plain', ask)).to.deep.equal({ ...first, replayed: true });
    });

    it('for another action, input, resource or amount is refused', async () => {
      await putMember(world, book, 'reuse', { terms: [TERM] });
      const model = { type: 'model', id: 'm-1', properties: { freeTrial: true } };
      const firsts = [
        { action: 'lora.train_free', amount: 1 },
        { action: 'generation.create', input: { loras: 1, width: 8, height: 8 } },
        { action: 'model.use_early', resource: model },
      ];
      for (const [i, first] of firsts.entries()) await world.consume('reuse', { ...first, idempotencyKey: `k${i}` });
      const others = [
        { action: 'lora.train_free', amount: 2, idempotencyKey: 'k0' },
        { action: 'private_model.upload', idempotencyKey: 'k0' },
        { action: 'generation.create', input: { loras: 2, width: 8, height: 8 }, idempotencyKey: 'k1' },
        { action: 'model.use_early', resource: { ...model, id: 'm-2' }, idempotencyKey: 'k2' },
      ];
      for (const other of others) {
        const problem = await problemOf(() => world.consume('reuse', other));
        expect(problem.code, JSON.stringify(other)).to.equal('key_reused');
      }
    });

    it('with the same input in another order of names is the same', async () => {
      await putMember(world, book, 'order', { terms: [TERM] });
      const action = 'generation.create';
      await world.consume('order', { action, input: { loras: 1, width: 8, height: 9 }, idempotencyKey: 'k' });
      const again = await world.consume('order', {
        action,
        input: { height: 9, width: 8, loras: 1 },
        idempotencyKey: 'k',
      });
      expect(again.replayed).to.equal(true);
    });

    it('is kept for its UTC day and the next, then forgotten', async () => {
      const claim = { action: 'credits.daily.claim', idempotencyKey: 'k' };
      await world.consume('kept', claim);
      world.clock.set(Date.parse('2026-11-23T23:59:59.999Z'));
      await world.consume('kept', { action: 'credits.daily.claim', idempotencyKey: 'next day' });
      expect(await world.consume('kept', claim)).to.have.property('replayed', true);
      world.clock.set(Date.parse('2026-11-24T00:00:00.000Z'));
      // Another write clears what is too old; the key is then a new one.
      await world.consume('kept', { ...claim, idempotencyKey: 'l' });
      const again = await world.consume('kept', claim);
      expect(again).to.have.nested.property('reason.code', 'already_claimed');
      expect(world.store.get('kept')?.keyDays).to.deep.equal({ '2026-11-23': 1, '2026-11-24': 1 });
    });

    it('1,000 on one UTC day are the most; denials do not count', async () => {
      await world.store.update('many', () => ({
        result: 0,
        write: { member: { ...newMember('many'), keyDays: { '2026-11-22': 999 } } },
      }));
      await world.consume('many', { action: 'credits.daily.claim', idempotencyKey: 'last' });
      const problem = await problemOf(() =>
        world.consume('many', { action: 'private_model.use', idempotencyKey: 'over' }),
      );
      expect(problem).to.include({ code: 'too_many_keys', retryAfter: 12 * 3600 });
      const denied = await world.consume('many', { action: 'generation.turbo', idempotencyKey: 'over' });
      expect(denied.decision).to.equal('deny');
      world.clock.set(NOON + 12 * HOUR);
      const tomorrow = await world.consume('many', { action: 'private_model.use', idempotencyKey: 'over' });
      expect(tomorrow.decision).to.equal('allow');
    });
  });

  describe('what is remembered', () => {
    const early = (freeTrial: unknown, idempotencyKey = 'k') => ({
      action: 'model.use_early',
      resource: { type: 'model', id: 'm-1', properties: { freeTrial } },
      idempotencyKey,
    });

    it('repeats no more of the question than is short', async () => {
      await putMember(world, book, 'echo', { terms: [TERM] });
      for (const [large, why] of [
        ['x'.repeat(1001), 'more than 1000 characters'],
        [Array(101).fill(1), 'more than 100 items'],
        [['x'.repeat(1001)], 'more than 1000 characters'],
      ] as const) {
        const problem = await problemOf(() => world.consume('echo', early(large)));
        expect(problem).to.include({ code: 'invalid_field', field: '/resource/properties/freeTrial' });
        expect(problem.message).to.include(why);
      }
      for (const [i, fine] of ['x'.repeat(1000), Array(100).fill(1), null].entries()) {
        expect(await world.consume('echo', early(fine, `k${i}`))).to.include({ decision: 'allow' });
      }
    });

    it('is short, and comes back whole', async () => {
      await putMember(world, book, 'short', { terms: [TERM] });
      const keys: number[] = [];
      const store: MemberStore = {
        ...world.store,
        update: (id, change, options) =>
          world.store.update(
            id,
            (snapshot) => {
              const changed = change(snapshot);
              const remembered = changed.write?.remember;
              if (remembered !== undefined) keys.push(JSON.stringify(remembered).length);
              return changed;
            },
            options,
          ),
      };
      for (const json of [
        { action: 'lora.train_free', idempotencyKey: 'a' },
        { action: 'private_model.use', idempotencyKey: 'b' },
        early('a model', 'c'),
      ]) {
        const wanted = fromApiConsume(json, 'short', book, NOON);
        const ports = { store, clock: world.clock };
        const attempt = { key: json.idempotencyKey, id: 'd', by: ANYBODY };
        const { consumption } = await consume(ports, book, wanted, attempt);
        const again = await consume(ports, book, wanted, { ...attempt, id: 'e' });
        expect(again.consumption).to.deep.equal({ ...consumption, replayed: true });
      }
      expect(
        keys.every((length) => length < 900),
        keys.join(),
      ).to.equal(true);
      expect(world.store.get('short')?.keyDays).to.deep.equal({ '2026-11-22': 3 });
    });

    it('has a budget of room for each day: a long answer counts as several', async () => {
      await world.store.update('room', () => ({
        result: 0,
        write: { member: { ...newMember('room'), terms: [TERM], keyDays: { '2026-11-22': 995 } } },
      }));
      const long = Array(4).fill('x'.repeat(1000));
      expect(await world.consume('room', early(long))).to.include({ decision: 'allow' });
      const spent = (world.store.get('room')?.keyDays['2026-11-22'] ?? 0) - 995;
      // 4,000 characters, and not again where they are the same afterwards.
      expect(spent).to.equal(3);
      await world.consume('room', { action: 'private_model.use', idempotencyKey: 'm' });
      expect(await problemOf(() => world.consume('room', early(long, 'l')))).to.include({ code: 'too_many_keys' });
    });
  });

  it('64 racing for 3 get exactly 3', async () => {
    await putMember(world, book, 'race', { terms: [TERM] });
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        world.consume('race', { action: 'lora.train_free', idempotencyKey: `k${i}` }),
      ),
    );
    expect(answers.filter(({ decision }) => decision === 'allow')).to.have.length(3);
  });

  it('never overspends, whatever is asked in whatever order', async () => {
    let run = 0;
    const step = fc.record({
      action: fc.constantFrom('lora.train_free', 'private_model.upload', 'private_model.delete'),
      amount: fc.integer({ min: 1, max: 9 }),
      key: fc.integer({ min: 0, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const user = `spend-${run++}`;
        await putMember(world, book, user, { terms: [TERM] });
        const seen = new Map<string, number>();
        for (const { action, amount, key } of steps) {
          const json = { action, amount, idempotencyKey: `${action} ${amount} ${key}` };
          const answer = await world.consume(user, json);
          if (answer.decision === 'allow') seen.set(json.idempotencyKey, answer.consumed);
        }
        const consumed = (name: string) =>
          [...seen].filter(([key]) => key.startsWith(name)).reduce((sum, [, amount]) => sum + amount, 0);
        expect(consumed('lora.train_free')).to.be.at.most(3);
        const held = world.store.get(user)?.holdings.private_models ?? 0;
        expect(held).to.equal(consumed('private_model.upload') - consumed('private_model.delete'));
        expect(held).to.be.within(0, 15);
      }),
      { numRuns: 40 },
    );
  });

  it('a store that is down is a 503 that says when to ask again', async () => {
    const store: MemberStore = { ...world.store, update: () => Promise.reject(new StoreUnreachable('down')) };
    const wanted = fromApiConsume({ action: 'credits.daily.claim', idempotencyKey: 'k' }, 'u', book, 0);
    const attempt = { key: 'k', id: 'd', by: ANYBODY };
    const problem = await problemOf(() => consume({ ...world, store }, book, wanted, attempt));
    expect(problem).to.include({ code: 'facts_unreachable', retryAfter: 1 });
  });
});
