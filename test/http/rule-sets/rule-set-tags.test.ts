import { expect } from 'chai';
import { type Publishing, runPublishing, SHOP, shop, YAML } from '../../rule-sets/publishing.ts';

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

  it('is the newest version, and saves who has it already the answer', async () => {
    for (const path of [SHOP_AT, `${SHOP_AT}/versions`]) {
      expect(await tagOf(path)).to.equal('"1"');
      const same = await server.get(path, { 'If-None-Match': '"1"' });
      expect([same.status, same.text, same.headers.get('etag')]).to.deep.equal([304, '', '"1"']);
      expect(await known(path, '"7"')).to.equal(200);
    }
  });

  it('changes when another version is scheduled and when it starts, and publishing takes it in either form', async () => {
    await server.publish(shop(2, 16, '2026-11-23T00:00:00Z'), 1);
    const scheduled = await tagOf(SHOP_AT);
    expect(scheduled).to.match(/^"2-1-[\da-f]{8}"$/);
    expect(await known(SHOP_AT, scheduled)).to.equal(304);
    expect(await known(SHOP_AT, '"1"')).to.equal(200);

    expect((await server.send('DELETE', `${SHOP_AT}/versions/2`)).status).to.be.below(300);
    await server.publish(shop(2, 15, '2026-11-23T00:00:00Z'), 1);
    expect(await known(SHOP_AT, scheduled), 'another version 2').to.equal(200);

    await server.send('PUT', '/v1/clock', { now: '2026-11-23T00:00:00Z' });
    expect(await tagOf(SHOP_AT)).to.equal('"2"');
    await server.publish(shop(3, 14, '2026-11-24T00:00:00Z'), 2);
    const headers = { ...YAML, 'If-Match': await tagOf(SHOP_AT) };
    const path = `${SHOP_AT}/versions?note=because`;
    expect((await server.post(path, shop(4, 13, '2026-11-25T00:00:00Z'), headers)).json).to.include({ version: 4 });
  });
});
