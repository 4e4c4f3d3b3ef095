import { expect } from 'chai';
import fc from 'fast-check';
import { type Member, newMember } from '../../src/domain/member.ts';
import type { MemberStore } from '../../src/use-cases/ports.ts';
import { put, rememberedKey, remove, takeOne, takeWithKey } from './changes.ts';
import { openTarget, type Target } from './target.ts';
import { inProcesses, startWorker } from './workers.ts';

const FULL: Omit<Member, 'id' | 'revision'> = {
  terms: [
    {
      id: 'sub_1',
      tier: 'starter',
      channel: 'web',
      startsAt: 0,
      endsAt: 253_402_300_799_999,
      cancelledAt: 5,
      autoRenew: false,
    },
    { tier: 'hobbyist', channel: 'ios', startsAt: -62_135_596_800_000, endsAt: 1 },
  ],
  usage: {
    free_lora_training: [
      { at: 1_790_000_000_123, amount: 1, key: 'job-81' },
      { at: 2, amount: 3 },
    ],
    constructor: [],
  },
  holdings: { private_models: 12, constructor: 0, big: Number.MAX_SAFE_INTEGER },
  extras: [{ perk: 'free_lora_training', amount: 2, from: 1, until: 2, note: 'support case 4711' }],
  attributes: {
    role: 'admin',
    $set: 'dollar',
    'a.b.c': [1, 'two', null, true],
    '': '',
    __proto__x: 1,
    ['__proto__']: 'own',
    'nul\0name': 'nul\0value',
    n: null,
    half: 0.5,
  },
  keyDays: { '2026-11-22': 2 },
};

const WEIRD_IDS = [
  ' ',
  '.',
  '..',
  '$',
  '$where',
  'a.b',
  '__proto__',
  'constructor',
  'null',
  '0',
  '01',
  '-1',
  'ß',
  'é',
  'e\u0301',
  '\u00a0',
  '\uffff',
  '\u{1f600}',
  '\u200b',
  '/',
  '%2F',
  '{"$ne":1}',
  'x'.repeat(256),
  '\u20ac'.repeat(256),
  '\u{1f600}'.repeat(256),
  `${'x'.repeat(255)}y`,
];

/** What every member store does. `open` gives an empty place to store in; `undefined` where it cannot be tested here. */
export function describeMemberStore(name: string, makeTarget: () => Promise<Target | undefined>): void {
  describe(`${name} as a member store`, function () {
    this.timeout(60_000);
    let target: Target;
    let store: MemberStore;

    beforeEach(async function () {
      const made = await makeTarget();
      if (made === undefined) return this.skip();
      target = made;
      store = await openTarget(target);
    });
    afterEach(async () => {
      await store?.close();
    });

    describe('one member', () => {
      it('is unknown until it is written', async () => {
        expect(await store.get('u')).to.equal(undefined);
        if (store.revision !== undefined) expect(store.revision('u')).to.equal(0);
        expect(await store.count()).to.equal(0);
      });

      it('comes back exactly as it was written, from this store and from another one on the same data', async () => {
        const { member } = await store.update('u', put('u', FULL));
        expect(member).to.deep.equal({ ...FULL, id: 'u', revision: 1 });
        expect(await store.get('u')).to.deep.equal(member);
        const other = await openTarget(target);
        try {
          const read = await other.get('u');
          expect(read).to.deep.equal(member);
          expect(Object.getOwnPropertyNames(read?.attributes)).to.include('__proto__');
        } finally {
          await other.close();
        }
      });

      it('can leave out what it had', async () => {
        await store.update('u', put('u', FULL));
        const bare = newMember('u');
        await store.update('u', () => ({ result: undefined, write: { member: bare } }));
        expect(await store.get('u')).to.deep.equal({ ...bare, revision: 2 });
      });

      it('gets the next revision with each write, whatever revision the writer says', async () => {
        for (const revision of [1, 2, 3]) {
          const { member } = await store.update('u', put('u', { revision: 77 }));
          expect(member?.revision).to.equal(revision);
          expect((await store.get('u'))?.revision).to.equal(revision);
          if (store.revision !== undefined) expect(store.revision('u')).to.equal(revision);
        }
      });

      it('is not touched by a change that writes nothing, which still answers', async () => {
        await store.update('u', put('u'));
        const { result, member } = await store.update('u', ({ member }) => ({ result: member?.revision }));
        expect(result).to.equal(1);
        expect(member?.revision).to.equal(1);
        expect((await store.get('u'))?.revision).to.equal(1);
      });

      it('is not touched by a change that throws, and the caller gets that error', async () => {
        await store.update('u', put('u'));
        const error = new Error('no');
        const failed = await store
          .update('u', () => {
            throw error;
          })
          .catch((thrown: unknown) => thrown);
        expect(failed).to.equal(error);
        expect((await store.get('u'))?.revision).to.equal(1);
        expect((await store.update('u', put('u'))).member?.revision).to.equal(2);
      });

      it('is not confused with any other, whatever the ids', async () => {
        for (const id of WEIRD_IDS) await store.update(id, put(id, { attributes: { me: id } }));
        for (const id of WEIRD_IDS) {
          const member = await store.get(id);
          expect(member?.id).to.equal(id);
          expect(member?.attributes).to.deep.equal({ me: id });
          expect(member?.revision).to.equal(1);
        }
        expect(await store.count()).to.equal(WEIRD_IDS.length);
      });

      it('cannot be stored under an id that has no UTF-8 form', async () => {
        const failed = await store.update('\ud800', put('\ud800')).catch((error: unknown) => error);
        expect(failed).to.be.instanceOf(RangeError);
        expect(await store.get('\ud800')).to.equal(undefined);
        expect(await store.get('')).to.equal(undefined);
        expect(await store.get('x'.repeat(5000))).to.equal(undefined);
      });
    });

    describe('a deleted member', () => {
      it('is gone, with its keys', async () => {
        await store.update('u', takeWithKey('u', 'k', '2026-11-22'), { key: 'k' });
        const { member } = await store.update('u', remove);
        expect(member).to.equal(undefined);
        expect(await store.get('u')).to.equal(undefined);
        expect(await store.count()).to.equal(0);
        if (store.revision !== undefined) expect(store.revision('u')).to.equal(0);
        expect((await store.update('u', takeWithKey('u', 'k', '2026-11-22'), { key: 'k' })).result).to.equal('taken');
      });

      it('may be deleted again, and so may one who never was', async () => {
        expect((await store.update('nobody', remove)).member).to.equal(undefined);
        expect(await store.get('nobody')).to.equal(undefined);
      });

      it('never gets a revision again that it had before', async () => {
        const seen = new Set<number>();
        await store.update('other', put('other'));
        for (let round = 0; round < 4; round += 1) {
          for (let n = 0; n <= round; n += 1) {
            const revision = (await store.update('u', put('u'))).member?.revision ?? 0;
            expect(seen.has(revision), `revision ${revision} again`).to.equal(false);
            seen.add(revision);
          }
          await store.update('u', remove);
          // Somebody deleted with a lower revision changes nothing for `u`.
          if (round === 1) await store.update('other', remove);
        }
      });
    });

    describe('remembered keys', () => {
      const day = '2026-11-22';

      it('come back to the change that asks for them', async () => {
        const remember = rememberedKey('k-1', day);
        await store.update('u', () => ({ result: 0, write: { member: newMember('u'), remember } }), { key: 'k-1' });
        const seen = async (id: string, key?: string) =>
          (await store.update(id, ({ remembered }) => ({ result: remembered }), key === undefined ? {} : { key }))
            .result;
        expect(await seen('u', 'k-1')).to.deep.equal({ ...remember, revision: 1 });
        expect(await seen('u', 'k-2')).to.equal(undefined);
        expect(await seen('v', 'k-1')).to.equal(undefined);
        expect(await seen('u')).to.equal(undefined);
      });

      it('have the revision that their write made, also of a member made again', async () => {
        const changes = [put('u'), remove, takeWithKey('u', 'first', day), takeWithKey('u', 'second', day)];
        const keys = ['', '', 'first', 'second'];
        const written: (number | undefined)[] = [];
        for (const [i, change] of changes.entries()) {
          const update = () => store.update<unknown>('u', change, { key: keys[i] ?? '' });
          written.push((await update()).member?.revision);
        }
        for (const i of [2, 3]) {
          const { result } = await store.update('u', ({ remembered }) => ({ result: remembered?.revision }), {
            key: keys[i] ?? '',
          });
          expect(result).to.equal(written[i]).and.to.be.greaterThan(1);
        }
      });

      it('can be written again, as released', async () => {
        await store.update('u', takeWithKey('u', 'k', day), { key: 'k' });
        const { result } = await store.update(
          'u',
          ({ member, remembered }) =>
            member === undefined || remembered === undefined
              ? { result: 'unknown' }
              : { result: 'released', write: { member, remember: { ...remembered, released: true } } },
          { key: 'k' },
        );
        expect(result).to.equal('released');
        const again = await store.update('u', ({ remembered }) => ({ result: remembered?.released }), { key: 'k' });
        expect(again.result).to.equal(true);
      });

      it('may have any characters, and are all different', async () => {
        const keys = [
          '.',
          '$',
          'a.b',
          '$a',
          '__proto__',
          '\0',
          'a\0',
          '\ud800',
          '\ud801',
          '\u20ac'.repeat(128),
          '\u{1f600}',
          ' ',
          'é',
          'e\u0301',
        ];
        for (const key of keys) {
          expect((await store.update('u', takeWithKey('u', key, day), { key })).result, JSON.stringify(key)).to.equal(
            'taken',
          );
        }
        for (const key of keys) {
          const { result } = await store.update('u', ({ remembered }) => ({ result: remembered?.key }), { key });
          expect(result).to.equal(key);
        }
        expect((await store.get('u'))?.holdings).to.deep.equal({ taken: keys.length });
      });

      it('are forgotten once their day is over, and only then', async () => {
        await store.update('u', takeWithKey('u', 'old-1', '2026-11-19'), { key: 'old-1' });
        await store.update('u', takeWithKey('u', 'old-2', '2026-11-20'), { key: 'old-2' });
        await store.update('u', takeWithKey('u', 'recent', '2026-11-21'), { key: 'recent' });
        await store.update('v', takeWithKey('v', 'old-1', '2026-11-19'), { key: 'old-1' });
        const options = { key: 'new', forgetBefore: '2026-11-21' };
        const { member } = await store.update('u', takeWithKey('u', 'new', day), options);
        expect(member?.keyDays).to.deep.equal({ '2026-11-21': 1, [day]: 1 });
        expect((await store.get('u'))?.keyDays).to.deep.equal({ '2026-11-21': 1, [day]: 1 });
        const remembers = async (id: string, key: string) =>
          (await store.update(id, ({ remembered }) => ({ result: remembered !== undefined }), { key })).result;
        expect(await remembers('u', 'old-1')).to.equal(false);
        expect(await remembers('u', 'old-2')).to.equal(false);
        expect(await remembers('u', 'recent')).to.equal(true);
        expect(await remembers('u', 'new')).to.equal(true);
        expect(await remembers('v', 'old-1'), 'of somebody else').to.equal(true);
      });

      it('are kept by a change that writes nothing', async () => {
        await store.update('u', takeWithKey('u', 'old', '2026-11-19'), { key: 'old' });
        await store.update('u', () => ({ result: 0 }), { forgetBefore: day });
        expect((await store.get('u'))?.keyDays).to.deep.equal({ '2026-11-19': 1 });
        expect(
          (await store.update('u', ({ remembered }) => ({ result: remembered?.key }), { key: 'old' })).result,
        ).to.equal('old');
      });

      it('are not remembered when their day is already over', async () => {
        await store.update('u', takeWithKey('u', 'late', '2026-11-19'), { key: 'late', forgetBefore: day });
        expect((await store.get('u'))?.keyDays).to.deep.equal({});
        expect(
          (await store.update('u', ({ remembered }) => ({ result: remembered }), { key: 'late' })).result,
        ).to.equal(undefined);
      });
    });

    describe('the list', () => {
      it('comes in pages that are not larger than asked for, each saying where the next begins', async () => {
        const attributes = { text: 'x'.repeat(1000) };
        for (let n = 0; n < 9; n += 1) await store.update(`p-${n}`, put(`p-${n}`, { attributes }));
        const pages = async (limits: { readonly members: number; readonly bytes: number }) => {
          const sizes: number[] = [];
          const ids: string[] = [];
          for (let after: string | null | undefined; after !== null; ) {
            const { members, next, unreadable } = await store.page(after, limits);
            expect(unreadable).to.deep.equal([]);
            sizes.push(members.length);
            ids.push(...members.map(({ id }) => id));
            after = next;
          }
          expect(ids).to.deep.equal(Array.from({ length: 9 }, (_, n) => `p-${n}`));
          return sizes;
        };
        expect(await pages({ members: 9, bytes: 1_000_000 })).to.deep.equal([9]);
        expect(await pages({ members: 4, bytes: 1_000_000 })).to.deep.equal([4, 4, 1]);
        expect(await pages({ members: 9, bytes: 4000 })).to.deep.equal([3, 3, 3]);
        expect(await pages({ members: 9, bytes: 1 })).to.deep.equal(Array(9).fill(1));
      });

      it('has every member once, page by page, in the byte order of the ids', async () => {
        const ids = [...WEIRD_IDS, ...Array.from({ length: 30 }, (_, n) => `u-${n}`)];
        await Promise.all(ids.map((id) => store.update(id, put(id, { holdings: { n: 1 } }))));
        const listed: string[] = [];
        for (let after: string | undefined; ; after = listed.at(-1)) {
          const page = await store.list(after, 7);
          expect(page.length).to.be.at.most(7);
          for (const member of page) expect(member.holdings).to.deep.equal({ n: 1 });
          listed.push(...page.map((member) => member.id));
          if (page.length === 0) break;
        }
        expect(listed).to.deep.equal([...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
        expect(await store.count()).to.equal(ids.length);
      });

      it('begins behind an id that nobody has', async () => {
        for (const id of ['a', 'c']) await store.update(id, put(id));
        const ids = async (after: string) => (await store.list(after, 10)).map((member) => member.id);
        expect(await ids('b')).to.deep.equal(['c']);
        expect(await ids('a')).to.deep.equal(['c']);
        expect(await ids('')).to.deep.equal(['a', 'c']);
        expect(await ids(`a${'x'.repeat(5000)}`)).to.deep.equal(['c']);
        expect(await ids('d')).to.deep.equal([]);
        expect(await store.list(undefined, 0)).to.deep.equal([]);
      });
    });

    describe('racing writers', () => {
      it('64 of one process who take from 3 get exactly 3', async () => {
        await store.update('hot', put('hot', { holdings: { left: 3 } }));
        const results = await Promise.all(Array.from({ length: 64 }, () => store.update('hot', takeOne)));
        expect(results.filter(({ result }) => result)).to.have.length(3);
        const member = await store.get('hot');
        expect(member?.holdings).to.deep.equal({ left: 0 });
        expect(member?.revision).to.equal(4);
      });

      it('64 of four processes who take from 3 get exactly 3', async () => {
        await store.update('hot', put('hot', { holdings: { left: 3 } }));
        const took = await inProcesses(4, target, { kind: 'take', id: 'hot', times: 16 });
        expect(took).to.deep.equal(['took', 'took', 'took']);
        const member = await store.get('hot');
        expect(member?.holdings).to.deep.equal({ left: 0 });
        expect(member?.revision).to.equal(4);
      });

      it('four processes who take everything lose and double nothing', async () => {
        await store.update('hot', put('hot', { holdings: { left: 200 } }));
        const took = await inProcesses(4, target, { kind: 'take', id: 'hot', times: 60 });
        expect(took).to.have.length(200);
        expect((await store.get('hot'))?.revision).to.equal(201);
      });

      it('the same key from four processes at once counts once, for somebody not yet known', async () => {
        const lines = await inProcesses(4, target, { kind: 'take-with-key', id: 'new', key: 'k', times: 4 });
        expect(lines.filter((line) => line === 'taken')).to.have.length(1);
        expect(lines.filter((line) => line === 'replayed')).to.have.length(15);
        expect((await store.get('new'))?.holdings).to.deep.equal({ taken: 1 });
      });

      it('any mixture of writes gives what the same writes one by one give', async () => {
        const step = fc.record({
          id: fc.constantFrom('a', 'b'),
          amount: fc.integer({ min: 1, max: 9 }),
          forget: fc.boolean(),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
            run += 1;
            const idOf = (id: string) => `${run}-${id}`;
            const results = await Promise.all(
              steps.map(({ id, amount, forget }) =>
                store.update(idOf(id), ({ member = newMember(idOf(id)) }) =>
                  forget
                    ? { result: 0 }
                    : {
                        result: amount,
                        write: { member: { ...member, holdings: { sum: (member.holdings.sum ?? 0) + amount } } },
                      },
                ),
              ),
            );
            for (const id of ['a', 'b']) {
              const amounts = results.filter((_, n) => steps[n]?.id === id).map(({ result }) => result);
              const sum = amounts.reduce((total, amount) => total + amount, 0);
              expect((await store.get(idOf(id)))?.holdings.sum ?? 0).to.equal(sum);
              expect((await store.get(idOf(id)))?.revision ?? 0).to.equal(
                amounts.filter((amount) => amount > 0).length,
              );
            }
          }),
          { numRuns: 15 },
        );
      });
    });

    it('loses no acknowledged write when the writing process is killed', async () => {
      for (const round of [1, 2, 3]) {
        const worker = await startWorker(target, { kind: 'write-forever', prefix: `w${round}` });
        worker.begin();
        // Killed in the middle of its work, not at a quiet moment.
        while (worker.lines.length < 30) await new Promise((resolve) => setTimeout(resolve, 3));
        worker.child.kill('SIGKILL');
        expect(await worker.ended).to.equal('SIGKILL');
        await store.close();
        store = await openTarget(target);
        for (const id of worker.lines) {
          expect((await store.get(id))?.holdings, `${id} was acknowledged`).to.deep.equal({
            n: Number(id.split('-')[2]),
          });
        }
        await store.update('after', put('after'));
      }
    });

    it('answers a ping, and nothing after it is closed', async () => {
      await store.ping();
      await store.close();
      for (const call of [
        async () => store.get('u'),
        async () => store.update('u', put('u')),
        async () => store.list(undefined, 1),
        async () => store.count(),
        async () => store.ping(),
      ]) {
        const failed = await call().catch((error: unknown) => error);
        expect(failed).to.have.property('name', 'StoreUnreachable');
      }
      await store.close();
    });
  });
}
