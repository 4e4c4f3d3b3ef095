import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { folderStore } from '../../src/rule-sets/folder/folder-store.ts';
import { LiveRules } from '../../src/rule-sets/live-rules.ts';
import { RuleStoreUnreachable } from '../../src/use-cases/ports.ts';
import { until } from '../support/expecting.ts';
import { type Publishing, runPublishing, SHOP, shop } from './publishing.ts';

const ENTER = { user: 'u', action: 'shop.enter', input: { age: 17 } };

describe('a folder of rules that is watched', () => {
  let server: Publishing;
  beforeEach(async () => {
    server = await runPublishing();
    await mkdir(join(server.folder, 'shop'));
  });
  afterEach(() => server.close());

  const file = (n: number) => join(server.folder, `shop/v${n}.yaml`);
  const version = async () => (await server.post('/v1/decisions', ENTER)).json.ruleSet?.version;
  /** Without the warning that a file is not locked, which each file here gets. */
  const findings = async () => (await allFindings()).filter(({ severity }) => severity === 'error');
  const allFindings = async () =>
    (await server.get('/readyz')).json.findings as readonly Readonly<Record<string, unknown>>[];

  it('loads a file that is saved, also by renaming another one onto it', async () => {
    await writeFile(file(1), SHOP);
    await until(async () => (await version()) === 1);
    await writeFile(`${file(2)}~`, shop(2, 17));
    await rename(`${file(2)}~`, file(2));
    await until(async () => (await version()) === 2);
    await rm(file(2));
    await until(async () => (await version()) === 1);
  });

  it('goes on with the last good rules while a file is broken, and shows where', async () => {
    await writeFile(file(1), SHOP);
    await until(async () => (await version()) === 1);
    const before = (await server.get('/readyz')).json.ruleLoads;
    await writeFile(file(2), shop(2, 17).replace('old_enough, deny', 'old_enouh, deny'));
    await until(async () => (await findings()).length > 0);
    expect(await version()).to.equal(1);
    const ready = await server.get('/readyz');
    expect([ready.status, ready.json.ruleLoads]).to.deep.equal([200, { ...before, rejected: before.rejected + 1 }]);
    const [finding] = await findings();
    expect(finding).to.include({ severity: 'error', code: 'unknown_condition', line: 14 });
    expect(finding?.file).to.match(/shop\/v2\.yaml$/);
    const errors = server.logged.filter(({ level, code }) => level === 'error' && code !== undefined);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.deep.include({ level: 'error', code: 'unknown_condition', line: 14, column: 18 });
    // Nothing can be published on top of it either.
    const refused = await server.publish(shop(2, 16), 1);
    expect(refused.json).to.include({ status: 409, code: 'broken_rules' });
    await writeFile(file(2), shop(2, 17));
    await until(async () => (await version()) === 2);
    expect(await findings()).to.deep.equal([]);
  });

  it('says each doubt that `perkbook validate` has once, where it is, and goes on', async () => {
    await writeFile(file(1), SHOP);
    await until(async () => (await version()) === 1);
    const doubt = { level: 'warn', code: 'not_locked', line: 6 };
    const doubts = () => server.logged.filter(({ code }) => code !== undefined);
    expect(doubts()).to.have.length(1);
    expect(doubts()[0]).to.include(doubt);
    expect(doubts()[0]?.file).to.match(/shop\/v1\.yaml$/);
    expect((await allFindings())[0]).to.include({ severity: 'warning', code: 'not_locked', line: 6 });
    await writeFile(file(2), shop(2, 17));
    await until(async () => (await version()) === 2);
    expect(doubts().map(({ file, code }) => [basename(String(file)), code])).to.deep.equal([
      ['v1.yaml', 'not_locked'],
      ['v2.yaml', 'not_locked'],
    ]);
    const again: unknown[] = [];
    const live = await LiveRules.open(folderStore(server.folder), { log: (entry) => void again.push(entry.code) });
    await live.close();
    expect(again).to.deep.equal(['not_locked', 'not_locked']);
  });

  it('tells the version in force from the one that is scheduled, by the clock of the server', async () => {
    const news: Readonly<Record<string, unknown>>[] = [];
    const now = Date.parse('2026-11-22T12:00:00Z');
    await writeFile(file(1), SHOP);
    await until(async () => (await version()) === 1);
    const live = await LiveRules.open(folderStore(server.folder), {
      log: (entry) => void (entry.level === 'info' && news.push(entry)),
      now: () => now,
    });
    await writeFile(file(2), shop(2, 17, '2026-11-22T12:00:01Z'));
    await until(() => news.length === 1);
    await writeFile(file(2), shop(2, 16, '2026-11-22T12:00:00Z'));
    await until(() => news.length === 2);
    await live.close();
    const [scheduled, started] = news;
    expect(scheduled).to.deep.include({
      message: 'other rules are scheduled',
      ruleSets: { documents: 2, 'pixai-membership': 1, shop: 1 },
      scheduled: { shop: [{ version: 2, from: '2026-11-22T12:00:01.000Z' }] },
    });
    expect(started).to.deep.include({
      message: 'new rules are in force',
      ruleSets: { documents: 2, 'pixai-membership': 1, shop: 2 },
    });
    expect(started).to.not.have.property('scheduled');
    // The same on the page that says whether the server is ready, for which it is noon, too.
    await writeFile(file(2), shop(2, 17, '2026-12-01T00:00:00Z'));
    const shown = async () =>
      (await server.get('/readyz')).json.ruleSets.find((each: { id: string }) => each.id === 'shop');
    await until(async () => (await shown()).scheduled !== undefined);
    const { version: inForce, scheduled: later } = await shown();
    expect([inForce, later.length, later[0].version, later[0].from]).to.deep.equal([
      1,
      1,
      2,
      '2026-12-01T00:00:00.000Z',
    ]);
  });

  it('says that the rules are right again after an error, and nothing of rules that are not new', async () => {
    const news: Readonly<Record<string, unknown>>[] = [];
    await writeFile(file(1), SHOP);
    const live = await LiveRules.open(folderStore(server.folder), {
      log: (entry) => void (entry.level === 'warn' || news.push(entry)),
      now: () => Date.parse('2026-11-22T12:00:00Z'),
    });
    const said = async () => {
      await live.refresh();
      return news.splice(0).map(({ level, message }) => `${level}: ${message}`);
    };
    const right = 'info: the rules have no errors any more';
    try {
      await said();
      await writeFile(file(2), shop(2, 17).replace('old_enough, deny', 'old_enouh, deny'));
      expect((await said())[0]).to.match(/^error: the rules were not loaded, the ones in force go on: /);
      await rm(file(2));
      expect(await said()).to.deep.equal([right]);
      await writeFile(file(2), 'no: rules');
      expect(await said()).to.have.length(1);
      await writeFile(file(2), shop(2, 17, '2026-11-22T12:00:00Z'));
      expect(await said()).to.deep.equal([right, 'info: new rules are in force']);
      // A lock changes no rule.
      await writeFile(
        join(server.folder, 'shop/versions.lock'),
        `1: ${live.book.ruleSets.get('shop')?.versions[0]?.ref.digest}\n`,
      );
      expect(await said()).to.deep.equal([]);
      await writeFile(file(3), shop(3, 16, '2026-11-23T00:00:00Z'));
      expect(await said()).to.deep.equal(['info: other rules are scheduled']);
      await rm(file(3));
      expect(await said()).to.deep.equal(['info: no rules are scheduled any more']);
    } finally {
      await live.close();
    }
  });

  it('says when a version that was scheduled has started, once', async () => {
    const news: Readonly<Record<string, unknown>>[] = [];
    let now = Date.parse('2026-11-22T12:00:00Z');
    await writeFile(file(1), SHOP);
    await writeFile(file(2), shop(2, 17, '2026-11-22T12:00:10Z'));
    const live = await LiveRules.open(folderStore(server.folder), {
      log: (entry) => void (entry.level === 'info' && news.push(entry)),
      now: () => now,
    });
    try {
      now += 9_999;
      await sleep(1_200);
      expect(news).to.deep.equal([]);
      now += 1;
      await until(() => news.length > 0, 3_000);
      await sleep(1_200);
      expect(news).to.deep.equal([
        {
          level: 'info',
          message: 'scheduled rules have started',
          ruleSets: { documents: 2, 'pixai-membership': 1, shop: 2 },
        },
      ]);
    } finally {
      await live.close();
    }
  });

  it('does not take a rule set out of force because its folder is gone for a while', async () => {
    await writeFile(file(1), SHOP);
    await until(async () => (await version()) === 1);
    // Beside the rules, under a name of its own.
    const away = await mkdtemp(join(tmpdir(), 'perkbook-away-'));
    await rename(join(server.folder, 'shop'), join(away, 'shop'));
    await until(async () => (await findings()).length > 0);
    expect((await findings())[0]).to.include({ severity: 'error', code: 'missing_version' });
    expect(await version()).to.equal(1);
    await rename(join(away, 'shop'), join(server.folder, 'shop'));
    await rm(away, { recursive: true });
    await until(async () => (await findings()).length === 0);
    expect(await version()).to.equal(1);
  });

  it('publishes nothing over a history that cannot be read, and leaves it as it is', async () => {
    await server.publish(SHOP, 0);
    const history = join(server.folder, 'shop/history.yaml');
    const damaged = `<<<<<<< HEAD\n${await readFile(history, 'utf8')}`;
    await writeFile(history, damaged);
    const refused = await server.publish(shop(2, 17), 1);
    expect(refused.status).to.equal(503);
    expect(refused.json.detail).to.match(/history\.yaml.* is damaged/);
    expect(await readFile(history, 'utf8')).to.equal(damaged);
  });

  it('withdraws only the version that the caller knows', async () => {
    await server.publish(SHOP, 0);
    await server.publish(shop(2, 17, '2027-01-01T00:00:00Z'), 1);
    const path = '/v1/rule-sets/shop/versions/2';
    const stale = await server.send('DELETE', path, undefined, { 'If-Match': '"1"' });
    expect(stale.json).to.include({ status: 412, code: 'stale_version', newest: 2 });
    expect((await server.send('DELETE', path, undefined, { 'If-Match': '"2"' })).status).to.equal(204);
  });

  it('refuses a published file that was changed, and says how to make a new version', async () => {
    await server.publish(SHOP, 0);
    const published = await readFile(file(1), 'utf8');
    await writeFile(file(1), published.replace('value: 18', 'value: 3'));
    await until(async () => (await findings()).length > 0);
    const [finding] = await findings();
    expect(finding).to.include({ code: 'changed_version', line: 4 });
    expect(finding?.message).to.match(/make the change in a copy called `v2.yaml` with `version: 2`/);
    expect((await server.post('/v1/decisions', ENTER)).json.decision).to.equal('deny');
    await writeFile(file(1), published);
    await until(async () => (await findings()).length === 0);
  });

  it('keeps the last rules when all are gone, or the folder cannot be read', async () => {
    const logged: Readonly<Record<string, unknown>>[] = [];
    const store = folderStore(server.folder);
    let down = false;
    const live = await LiveRules.open(
      { ...store, read: () => (down ? Promise.reject(new RuleStoreUnreachable('down')) : store.read()) },
      { log: (entry) => void logged.push(entry) },
    );
    const { book } = live;
    down = true;
    for (const _ of [1, 2])
      expect(await live.refresh().catch((error: unknown) => error)).to.be.instanceOf(RuleStoreUnreachable);
    expect([live.book === book, live.loads]).to.deep.equal([true, { loaded: 1, rejected: 0, unreachable: 2 }]);
    down = false;
    for (const name of ['documents', 'pixai-membership', 'shop'])
      await rm(join(server.folder, name), { recursive: true });
    const { loaded } = await live.refresh();
    expect([loaded.book, live.book === book]).to.deep.equal([undefined, true]);
    await live.close();
    const read = logged.filter(({ code }) => code !== 'no_version');
    expect(read.map(({ level }) => level)).to.deep.equal(['warn', 'info', 'error']);
  });

  it('a refresh that is asked for during another one sees what was written before it was asked for', async () => {
    const store = folderStore(server.folder);
    let slow = Promise.resolve();
    const read = async () => {
      const stored = await store.read();
      await slow;
      return stored;
    };
    const live = await LiveRules.open(
      { ...store, read, watch: async () => ({ stop: async () => {} }) },
      { log: () => {} },
    );
    let goOn = () => {};
    slow = new Promise((resolve) => {
      goOn = resolve;
    });
    const first = live.refresh();
    // The first one has read, and its answer is still on the way.
    await sleep(50);
    await writeFile(file(1), SHOP);
    const second = live.refresh();
    goOn();
    await first;
    expect(live.book.ruleSets.has('shop')).to.equal(false);
    await second;
    expect(live.book.ruleSets.has('shop')).to.equal(true);
    await live.close();
  });
});
