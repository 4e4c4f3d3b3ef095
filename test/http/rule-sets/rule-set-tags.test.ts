import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Publishing, runPublishing, SHOP, shop, YAML } from '../../rule-sets/publishing.ts';
import { until } from '../../support/expecting.ts';

const SHOP_AT = '/v1/rule-sets/shop';

describe('the tag of a rule set', () => {
  let server: Publishing;
  before(async () => {
    server = await runPublishing();
    await server.publish(SHOP, 0);
  });
  after(() => server.close());

  const tagOf = async (path: string) => (await server.get(path)).headers.get('etag') ?? '';
  const known = async (path: string, tag: string) => (await server.get(path, { 'If-None-Match': tag })).status;

  it('names the newest version and the answer, and saves who has it already the answer', async () => {
    for (const path of [SHOP_AT, `${SHOP_AT}/versions`]) {
      const tag = await tagOf(path);
      expect(tag).to.match(/^"1-[\da-f]{16}"$/);
      const same = await server.get(path, { 'If-None-Match': tag });
      expect([same.status, same.text, same.headers.get('etag')]).to.deep.equal([304, '', tag]);
      for (const other of ['"1"', '"7"']) expect(await known(path, other), other).to.equal(200);
    }
  });

  it('changes when another version is scheduled and when it starts, and publishing takes it in either form', async () => {
    await server.publish(shop(2, 16, '2026-11-23T00:00:00Z'), 1);
    const scheduled = await tagOf(SHOP_AT);
    expect(scheduled).to.match(/^"2-/);
    expect(await known(SHOP_AT, scheduled)).to.equal(304);

    expect((await server.send('DELETE', `${SHOP_AT}/versions/2`)).status).to.be.below(300);
    await server.publish(shop(2, 15, '2026-11-23T00:00:00Z'), 1);
    expect(await known(SHOP_AT, scheduled), 'another version 2').to.equal(200);
    const waiting = await tagOf(SHOP_AT);

    await server.send('PUT', '/v1/clock', { now: '2026-11-23T00:00:00Z' });
    expect(await known(SHOP_AT, waiting), 'it has started').to.equal(200);
    await server.publish(shop(3, 14, '2026-11-24T00:00:00Z'), 2);
    const path = `${SHOP_AT}/versions?note=because`;
    const own = { ...YAML, 'If-Match': await tagOf(SHOP_AT) };
    expect((await server.post(path, shop(4, 13, '2026-11-25T00:00:00Z'), own)).json).to.include({ version: 4 });
    const bare = { ...YAML, 'If-Match': '"4"' };
    expect((await server.post(path, shop(5, 12, '2026-11-26T00:00:00Z'), bare)).json).to.include({ version: 5 });
  });

  it('changes with a file that is edited under its number', async () => {
    const at = '/v1/rule-sets/stall';
    const stall = SHOP.replace('ruleSet: shop', 'ruleSet: stall').replaceAll('shop.enter', 'stall.enter');
    const file = join(server.folder, 'stall/v1.yaml');
    await mkdir(join(server.folder, 'stall'));
    await writeFile(file, stall);
    await until(async () => (await server.get(at)).status === 200);
    const before = await Promise.all([at, `${at}/versions`].map(tagOf));
    await writeFile(file, stall.replace('title: Enter', 'title: Go in'));
    await until(async () => (await server.get(at)).json.actions[0].title === 'Go in');
    for (const [i, path] of [at, `${at}/versions`].entries()) {
      expect(await known(path, before[i] ?? ''), path).to.equal(200);
      expect(await tagOf(path)).to.match(/^"1-/);
    }
  });
});
