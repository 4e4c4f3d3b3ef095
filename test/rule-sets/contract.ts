import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { digestOf } from '../../src/rules/load/check-rule-file.ts';
import type { Draft, DraftStore, NewVersion, RuleSetStore } from '../../src/use-cases/rule-sets/ports.ts';
import { SHOP, shop } from './publishing.ts';

/** A place for rule sets of one test, to be opened as often as there are processes. */
export interface Place {
  open(): Promise<{ readonly store: RuleSetStore; readonly drafts: DraftStore }>;
  remove(): Promise<void>;
}

const AT = Date.parse('2026-11-22T12:00:00Z');

export function newVersion(version: number, yaml: string, note = 'because'): NewVersion {
  const publication = { version, digest: digestOf(yaml), author: 'anna', publishedAt: AT + version, note };
  return { ruleSet: 'shop', publication, yaml, from: AT };
}

/** What every place for rule sets must do. */
export function itKeepsRuleSets(makePlace: () => Promise<Place>): void {
  let place: Place;
  let store: RuleSetStore;
  let drafts: DraftStore;
  const opened: RuleSetStore[] = [];

  async function open(): Promise<RuleSetStore> {
    const another = await place.open();
    opened.push(another.store);
    drafts = another.drafts;
    return another.store;
  }

  beforeEach(async () => {
    place = await makePlace();
    store = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await place.remove();
  });

  async function kept(from: RuleSetStore = store): Promise<readonly (string | undefined)[]> {
    const { ruleSets } = await from.read();
    return ruleSets.find(({ id }) => id === 'shop')?.versions.map(({ text }) => text) ?? [];
  }

  it('has nothing to begin with', async () => {
    const { ruleSets, findings, history } = await store.read();
    expect([ruleSets, findings, history.size]).to.deep.equal([[], [], 0]);
  });

  it('keeps a version byte for byte, with its digest and who, when and why; others see it', async () => {
    const yaml = `\uFEFF${SHOP.replaceAll('\n', '\r\n')}# ä \u{1F600}\n`;
    const note = 'a: "note" #1';
    const whole = newVersion(1, yaml, note);
    const publication = { ...whole.publication, rollbackTo: 1 };
    expect(await store.publish({ ...whole, publication })).to.equal('done');
    for (const each of [store, await open()]) {
      const { ruleSets, history } = await each.read();
      expect(
        ruleSets.map(({ id, versions }) => [id, versions.map(({ version, text }) => [version, text])]),
      ).to.deep.equal([['shop', [[1, yaml]]]]);
      expect([...(ruleSets[0]?.lock ?? [])]).to.deep.equal([[1, digestOf(yaml)]]);
      expect(history.get('shop')).to.deep.equal([publication]);
    }
  });

  it('keeps the scenarios that came with a version, and forgets them with it', async () => {
    const { publication, ...rest } = newVersion(1, SHOP);
    await store.publish({ ...rest, publication: { ...publication, scenarios: 'ruleSet: shop\n' } });
    expect((await store.read()).history.get('shop')?.[0]?.scenarios).to.equal('ruleSet: shop\n');
    await store.withdraw('shop', 1, publication.digest);
    await store.publish(newVersion(1, SHOP));
    expect((await store.read()).history.get('shop')?.[0]?.scenarios).to.equal(undefined);
  });

  it('takes only the number after the newest', async () => {
    expect(await store.publish(newVersion(2, shop(2, 16)))).to.equal('lost');
    expect(await store.publish(newVersion(1, SHOP))).to.equal('done');
    expect(await store.publish(newVersion(1, shop(1, 16)))).to.equal('lost');
    expect(await store.publish(newVersion(3, shop(3, 16)))).to.equal('lost');
    expect(await store.publish(newVersion(2, shop(2, 16)))).to.equal('done');
    expect(await kept()).to.deep.equal([SHOP, shop(2, 16)]);
  });

  it('of many who publish at once, in several places, one wins', async () => {
    const others = [store, await open(), await open()];
    for (let version = 1; version <= 4; version++) {
      const tries = others.flatMap((each, i) =>
        [0, 1].map((j) => ({ each, yaml: shop(version, 10 * version + 2 * i + j) })),
      );
      const outcomes = await Promise.all(tries.map(({ each, yaml }) => each.publish(newVersion(version, yaml))));
      expect(outcomes.filter((outcome) => outcome === 'done')).to.have.length(1);
      const winner = tries[outcomes.indexOf('done')]?.yaml;
      for (const each of others) expect((await kept(each)).at(-1)).to.equal(winner);
      expect((await store.read()).history.get('shop')?.at(-1)?.digest).to.equal(digestOf(winner ?? ''));
    }
  });

  it('takes the newest back, only with its digest, and gives its number again', async () => {
    await store.publish(newVersion(1, SHOP));
    await store.publish(newVersion(2, shop(2, 16)));
    expect(await store.withdraw('shop', 1, digestOf(SHOP))).to.equal('lost');
    expect(await store.withdraw('shop', 2, digestOf(SHOP))).to.equal('lost');
    expect(await store.withdraw('shop', 2, digestOf(shop(2, 16)))).to.equal('done');
    expect(await store.withdraw('shop', 2, digestOf(shop(2, 16)))).to.equal('lost');
    expect(await kept()).to.deep.equal([SHOP]);
    expect((await store.read()).history.get('shop')).to.have.length(1);
    expect(await store.publish(newVersion(2, shop(2, 21)))).to.equal('done');
    expect(await kept()).to.deep.equal([SHOP, shop(2, 21)]);
  });

  it('never leaves a gap when one takes back while another one publishes on top', async () => {
    const other = await open();
    await store.publish(newVersion(1, SHOP));
    for (let round = 0; round < 8; round++) {
      const second = shop(2, 30 + round);
      await store.publish(newVersion(2, second));
      const outcomes = await Promise.all([
        other.withdraw('shop', 2, digestOf(second)),
        store.publish(newVersion(3, shop(3, 50 + round))),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'done')).to.have.length(1);
      const texts = await kept();
      expect(texts).to.deep.equal(outcomes[0] === 'done' ? [SHOP] : [SHOP, second, shop(3, 50 + round)]);
      for (let n = texts.length; n > 1; n--) await store.withdraw('shop', n, digestOf(texts[n - 1] ?? ''));
    }
  }).timeout(20_000);

  it('tells of changes that others make, soon', async () => {
    let told = 0;
    const watching = await store.watch(() => {
      told++;
    });
    const other = await open();
    await other.publish(newVersion(1, SHOP));
    const before = performance.now();
    while ((await kept()).length === 0 || told === 0) {
      expect(performance.now() - before).to.be.lessThan(2_000);
      await sleep(10);
    }
    await watching.stop();
    await sleep(50);
    const last = told;
    await other.publish(newVersion(2, shop(2, 16)));
    await sleep(1_500);
    expect(told).to.equal(last);
  }).timeout(10_000);

  it('keeps one draft for each rule set and author, whatever the author is called', async () => {
    const draft: Draft = {
      ruleSet: 'shop',
      author: '../a b/%2F.',
      base: 1,
      baseDigest: 'sha256:1',
      savedAt: AT,
      yaml: ': broken\r\n',
    };
    const others = [
      { ...draft, ruleSet: 'shop-two' },
      { ...draft, author: 'b' },
    ];
    expect([await drafts.get('shop', draft.author), await drafts.list('shop')]).to.deep.equal([undefined, []]);
    for (const each of [draft, ...others]) await drafts.put(each);
    await drafts.put({ ...draft, base: 2 });
    expect(await drafts.get('shop', draft.author)).to.deep.equal({ ...draft, base: 2 });
    expect((await drafts.list('shop')).map(({ author }) => author)).to.have.members([draft.author, 'b']);
    expect(await drafts.delete('shop', draft.author)).to.equal(true);
    expect(await drafts.delete('shop', draft.author)).to.equal(false);
    expect((await drafts.list('shop-two')).map(({ author }) => author)).to.deep.equal([draft.author]);
    expect((await store.read()).ruleSets).to.deep.equal([]);
  });
}
