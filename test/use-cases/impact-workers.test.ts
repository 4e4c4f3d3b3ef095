import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { randomMembers } from '../../src/cli/files/random-members.ts';
import type { Member } from '../../src/domain/member.ts';
import { impactWorkers } from '../../src/impact-workers/measure-impact.ts';
import type { Version } from '../../src/rules/rule-set.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { comparisonOf } from '../../src/use-cases/impact/compare/comparison.ts';
import type { ImpactProgress } from '../../src/use-cases/impact/impact.ts';
import { impactCount, impactFrom } from '../../src/use-cases/impact/impact-count.ts';
import { impactOf } from '../../src/use-cases/impact/impact-of.ts';
import { questionAt } from '../../src/use-cases/impact/question-at.ts';
import { type Succession, succeeding } from '../../src/use-cases/impact/succession.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { membershipVersions, type PerkChange } from './impact-support.ts';

const DAY = 86_400_000;

function successionOfTwo(change: PerkChange, startsAt = PRESENT - 20 * DAY): Succession {
  const [first, second] = membershipVersions([{ policy: 'now' }, change], [PRESENT - 90 * DAY, startsAt]);
  const succession = succeeding({ id: 'pixai-membership', versions: [first as Version] }, second as Version);
  if (succession === undefined) throw new Error('there is nothing before it');
  return succession;
}

const EVERYTHING: PerkChange = {
  policy: 'nextTerm',
  trainings: [0, 2, 5, 8],
  models: [0, 10, 25, 40],
  bonus: [0, 100_000, 300_000, 300_000],
  renewing: true,
  newTier: true,
};

describe('impact over a store', () => {
  let folder: string;
  let store: EmbeddedStore;
  let members: readonly Member[];
  const succession = successionOfTwo(EVERYTHING);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-impact-'));
    store = await openEmbeddedStore({ folder });
    const made = [...randomMembers(succession.candidate, 11, 800, PRESENT)];
    await Promise.all(made.map((member) => store.update(member.id, () => ({ result: undefined, write: { member } }))));
    members = store.list(undefined, 2000);
  });
  after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is the same in one process, in several, and with nothing remembered', async () => {
    const question = { succession, at: PRESENT };
    const alone = await impactOf({ ...question, pages: [members] });
    expect(alone).to.include({ members: 800, partial: false });
    for (const what of ['gain', 'lose', 'mixed', 'unchanged'] as const) expect(alone[what], what).to.be.greaterThan(20);
    expect(alone.later?.lose).to.be.greaterThan(alone.lose);
    expect(alone.overLimit.members).to.be.greaterThan(20);

    const location = { kind: 'embedded', folder } as const;
    const seen: ImpactProgress[] = [];
    const several = impactWorkers(location, { processes: 3, partSize: 170 });
    expect(await several(question, { onProgress: (each) => seen.push(each) })).to.deep.equal(alone);
    expect(seen.at(-1)).to.deep.equal({ done: 800, total: 800 });
    expect(seen.map(({ done }) => done)).to.deep.equal(seen.map(({ done }) => done).sort((a, b) => a - b));

    // One difference only: of its examples the first are kept, whichever worker was first.
    const one = { succession: successionOfTwo({ policy: 'now', loras: [3, 6, 7, 10] }), at: PRESENT };
    expect(await several(one)).to.deep.equal(await impactOf({ ...one, pages: [members] }));

    const plain = comparisonOf(succession, { remember: false });
    const { add, counted } = impactCount(question, { present: plain, today: undefined });
    for (const member of members) add(member);
    expect(impactFrom(question, plain.touched.recounted, counted, false)).to.deep.equal(alone);
  });

  it('counts today beside a later instant as if it were asked about today, in several processes, too', async () => {
    const later = successionOfTwo(EVERYTHING, PRESENT + 20 * DAY);
    const question = questionAt(later, PRESENT + 40 * DAY, PRESENT);
    const { today, ...impact } = await impactOf({ ...question, pages: [members] });
    const plain = await impactOf({ ...questionAt(later, PRESENT), pages: [members] });
    expect(plain).to.deep.include({ ...today, at: PRESENT });
    expect(plain.lose).to.be.greaterThan(20).and.not.equal(impact.lose);
    const several = impactWorkers({ kind: 'embedded', folder }, { processes: 3, partSize: 170 });
    expect(await several(question)).to.deep.equal({ ...impact, today });
  });

  it('writes to nobody, and lets others write meanwhile', async () => {
    const revisions = members.map(({ id }) => store.revision(id));
    const measured = impactWorkers(
      { kind: 'embedded', folder },
      { processes: 2, partSize: 100 },
    )({
      succession,
      at: PRESENT,
    });
    const { member } = await store.update('zz-new', () => ({
      result: undefined,
      write: { member: { ...(members[0] as Member), id: 'zz-new' } },
    }));
    expect(member?.revision).to.equal(1);
    expect((await measured).members).to.be.within(800, 801);
    expect(members.map(({ id }) => store.revision(id))).to.deep.equal(revisions);
    await store.update('zz-new', () => ({ result: undefined, write: { member: undefined } }));
  });

  it('says what it knows when it is stopped', async () => {
    const stopping = new AbortController();
    const measure = impactWorkers({ kind: 'embedded', folder }, { processes: 1, partSize: 100 });
    const impact = await measure(
      { succession, at: PRESENT },
      { signal: stopping.signal, onProgress: ({ done }) => done >= 100 && stopping.abort() },
    );
    expect(impact.partial).to.equal(true);
    expect(impact.members).to.be.within(100, 700);
    expect(impact.gain + impact.lose + impact.mixed + impact.unchanged).to.equal(impact.members);
  });

  it('fails with the reason of a worker', async () => {
    const measure = impactWorkers({ kind: 'embedded', folder: `${folder}-that-is-not-there` });
    const error = await measure({ succession, at: PRESENT }).then(
      () => undefined,
      (each: unknown) => each,
    );
    expect(error).to.be.an('error').with.property('name', 'StoreUnreachable');
  });
});
