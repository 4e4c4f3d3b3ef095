import { expect } from 'chai';
import { membership, type Publishing, placesHere, runPublishing, SHOP, YAML } from './publishing.ts';

const DRAFTS = '/v1/rule-sets/pixai-membership/drafts';

for (const place of placesHere())
  describe(`drafts over HTTP, in ${place === 'folder' ? 'a folder' : place}`, () => {
    let server: Publishing;
    beforeEach(async () => {
      server = await runPublishing({}, place);
    });
    afterEach(() => server.close());

    const save = (author: string, yaml: string, query = '') =>
      server.send('PUT', `${DRAFTS}/${author}${query}`, yaml, YAML);
    const publish = (author: string, query = '?note=done') =>
      server.send('POST', `${DRAFTS}/${author}/publish${query}`);

    it('are saved per author, broken ones too, with the version they were made from', async () => {
      const { status, json } = await save('anna', ': broken');
      expect([status, json.author, json.base, json.outdated]).to.deep.equal([201, 'anna', 1, false]);
      expect(json.findings[0]).to.include({ severity: 'error', line: 1 });
      expect((await save('anna', membership(2, 4))).status).to.equal(200);
      await save('ben', membership(2, 5));
      const { json: list } = await server.get(DRAFTS);
      expect(list.drafts.map((each: { readonly author: string }) => each.author)).to.deep.equal(['anna', 'ben']);
      const yaml = await server.get(`${DRAFTS}/anna`, { Accept: 'application/yaml' });
      expect(yaml.text).to.equal(membership(2, 4));
      expect((await server.get(`${DRAFTS}/anna`)).json.findings).to.deep.equal([]);
      expect((await server.send('DELETE', `${DRAFTS}/anna`)).status).to.equal(204);
      expect((await server.send('DELETE', `${DRAFTS}/anna`)).json).to.include({ status: 404, code: 'unknown_draft' });
      expect((await save('anna', 'x', '?base=7')).json).to.include({
        status: 404,
        code: 'unknown_version',
        field: '/base',
      });
    });

    it('are published under the name of their author, and are gone then', async () => {
      await save('anna', membership(2, 4));
      expect((await publish('anna', '?note=n&dryRun=true')).status).to.equal(200);
      const { status, json } = await publish('anna');
      expect([status, json.version]).to.deep.equal([201, 2]);
      const { versions } = (await server.get('/v1/rule-sets/pixai-membership/versions')).json;
      expect(versions[1]).to.include({ author: 'anna', note: 'done' });
      expect((await publish('anna')).json).to.include({ status: 404, code: 'unknown_draft' });
    });

    it('can begin a rule set', async () => {
      const path = '/v1/rule-sets/shop/drafts/anna';
      expect((await server.send('PUT', path, SHOP, YAML)).json.base).to.equal(0);
      expect((await server.send('POST', `${path}/publish?note=n`)).status).to.equal(201);
    });

    it('made from a version that was withdrawn are not published on top of another one with its number', async () => {
      const LATER = '2027-01-01T00:00:00Z';
      await server.publish(membership(2, 4, LATER), 1);
      await save('anna', membership(3, 9, LATER));
      const versions = '/v1/rule-sets/pixai-membership/versions';
      expect((await server.send('DELETE', `${versions}/2`)).status).to.equal(204);
      expect((await server.publish(membership(2, 7, LATER), 1)).status).to.equal(201);
      const { json } = await publish('anna', '?note=n&dryRun=true');
      expect(json).to.include({ status: 409, code: 'outdated_draft', newest: 2 });
    });

    it('are not published past a newer version than the one that the caller names', async () => {
      await save('anna', membership(2, 4));
      const path = `${DRAFTS}/anna/publish?note=n`;
      const stale = await server.send('POST', path, undefined, { 'If-Match': '"0"' });
      expect(stale.json).to.include({ status: 412, code: 'stale_version', newest: 1 });
      expect((await server.send('POST', path, undefined, { 'If-Match': '"1"' })).status).to.equal(201);
    });

    it('made from an older version are not published: 409 with both sides and where they disagree', async () => {
      const mine = membership(2, 4).replace('title: Turbo mode', 'title: Turbo');
      await save('anna', mine);
      const theirs = membership(2, 5).replace('title: Early access', 'title: Access');
      expect((await server.publish(theirs, 1)).status).to.equal(201);
      // Saving again does not hide it.
      expect((await save('anna', mine)).json).to.include({ base: 1, outdated: true });
      const { json } = await publish('anna');
      expect(json).to.include({ status: 409, code: 'outdated_draft', newest: 2 });
      expect(json.diff).to.include({ base: 1, newest: 2 });
      const tos = (changes: readonly { readonly to: unknown }[]) => changes.map(({ to }) => to);
      expect(tos(json.diff.mine)).to.include.members([4, 'Turbo']);
      expect(tos(json.diff.theirs)).to.include(5);
      expect(json.diff.conflicts).to.have.length(1);
      expect(json.diff.conflicts[0].mine).to.include({ perk: 'free_lora_training', tier: 'starter', from: 3, to: 4 });
      expect(json.diff.conflicts[0].theirs).to.include({ from: 3, to: 5 });
      expect((await server.get(`${DRAFTS}/anna`)).status).to.equal(200);
      await save(
        'anna',
        theirs.replace('version: 2', 'version: 3').replace('starter: 5, h', 'starter: 6, h'),
        '?base=2',
      );
      expect((await publish('anna')).status).to.equal(201);
    });
  });
