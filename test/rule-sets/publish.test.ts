import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { membership, type Publishing, placesHere, runPublishing, SHOP, shop, YAML } from './publishing.ts';

const ENTER = { user: 'u', action: 'shop.enter', input: { age: 17 } };
const LATER = '2026-11-23T00:00:00Z';

for (const place of placesHere())
  describe(`publishing over HTTP, in ${place === 'folder' ? 'a folder' : place}`, () => {
    let server: Publishing;
    beforeEach(async () => {
      server = await runPublishing({}, place);
    });
    afterEach(() => server.close());

    it('makes a new rule set, in force at once, with who, when and why', async () => {
      const { status, json, headers } = await server.publish(SHOP, 0, '', { 'X-Perkbook-Author': 'anna' });
      expect([status, json.ruleSet, json.version, json.from]).to.deep.equal([
        201,
        'shop',
        1,
        '2026-01-01T00:00:00.000Z',
      ]);
      expect(json.digest).to.match(/^sha256:/);
      expect([headers.get('etag'), headers.get('location')]).to.deep.equal(['"1"', '/v1/rule-sets/shop/versions/1']);
      const asked = await server.post('/v1/decisions', ENTER);
      expect(asked.json).to.deep.include({
        decision: 'deny',
        ruleSet: { id: 'shop', version: 1, digest: json.digest },
      });
      const { versions } = (await server.get('/v1/rule-sets/shop/versions')).json;
      expect(versions[0]).to.include({ author: 'anna', note: 'because', publishedAt: '2026-11-22T12:00:00.000Z' });
      const yaml = await server.get('/v1/rule-sets/shop/versions/1', { Accept: 'application/yaml' });
      expect(yaml.text).to.equal(SHOP);
      if (place === 'MongoDB') return;
      expect(readFileSync(join(server.folder, 'shop/v1.yaml'), 'utf8')).to.equal(SHOP);
      expect(readFileSync(join(server.folder, 'shop/versions.lock'), 'utf8')).to.contain(`1: ${json.digest}\n`);
    });

    it('puts a version on top, which judges from its start on', async () => {
      await server.publish(SHOP, 0);
      const { status, json } = await server.publish(shop(2, 16, LATER), 1);
      expect([status, json.version]).to.deep.equal([201, 2]);
      expect((await server.post('/v1/decisions', ENTER)).json.ruleSet.version).to.equal(1);
      const later = await server.post('/v1/decisions', { ...ENTER, at: LATER });
      expect([later.json.decision, later.json.ruleSet.version]).to.deep.equal(['allow', 2]);
    });

    it('asks which version is known, and says what has changed since', async () => {
      await server.publish(membership(2, 4), 1);
      const path = '/v1/rule-sets/pixai-membership/versions?note=n';
      expect((await server.post(path, membership(3, 5), YAML)).json).to.include({
        status: 428,
        code: 'precondition_required',
      });
      const { json } = await server.publish(membership(3, 5), 1);
      expect(json).to.deep.include({ status: 412, code: 'stale_version', newest: 2 });
      expect(json.diff).to.deep.include({ from: 1, to: 2 });
      expect(json.diff.changes[0]).to.deep.include({ perk: 'free_lora_training', tier: 'starter', from: 3, to: 4 });
      expect((await server.publish(membership(3, 5), 9)).json).to.deep.include({ status: 412, diff: null });
      expect((await server.publish(membership(3, 5), '2"x')).json).to.include({ status: 400, code: 'invalid_field' });
    });

    it('wants a note, a known query and a rule file', async () => {
      const path = '/v1/rule-sets/shop/versions';
      const headers = { ...YAML, 'If-Match': '"0"' };
      expect((await server.post(path, SHOP, headers)).json).to.include({ code: 'missing_field', field: '/note' });
      expect((await server.post(`${path}?note=%20`, SHOP, headers)).json).to.include({ status: 400, field: '/note' });
      expect((await server.post(`${path}?note=n&dryrun=true`, SHOP, headers)).json).to.include({
        didYouMean: 'dryRun',
      });
      expect((await server.post(`${path}?note=n&dryRun=1`, SHOP, headers)).json).to.include({
        status: 400,
        field: '/dryRun',
      });
      expect((await server.post(`${path}?note=n&acceptLoss=2`, SHOP, headers)).json).to.include({
        field: '/acceptLoss',
      });
      expect((await server.post(`${path}?note=n`, { a: 1 }, { 'If-Match': '"0"' })).json).to.include({ status: 415 });
      const author = await server.post(`${path}?note=n`, SHOP, { ...headers, 'X-Perkbook-Author': 'ä' });
      expect(author.json).to.include({ status: 400, field: '/author' });
      const bytes = await server.post(`${path}?note=n`, new Uint8Array([0xff, 0xfe]), headers);
      expect(bytes.json).to.include({ status: 400, code: 'malformed_body' });
      expect((await server.post('/v1/rule-sets/..%2Fx/versions?note=n', SHOP, headers)).json).to.include({
        status: 400,
        code: 'invalid_id',
      });
    });

    it('refuses a file with errors, with all findings', async () => {
      const { json } = await server.publish(
        SHOP.replace('old_enough, deny', 'old_enouh, deny').replace('title: Shop', 'titel: Shop'),
        0,
      );
      expect(json).to.include({ status: 422, code: 'invalid_rule_set' });
      const codes = json.findings.map(({ code }: { readonly code: string }) => code);
      expect(codes).to.include.members(['unknown_property', 'unknown_condition']);
      expect(json.findings[0]).to.have.keys([
        'severity',
        'code',
        'message',
        'file',
        'line',
        'column',
        'path',
        'didYouMean',
      ]);
      expect((await server.get('/v1/rule-sets/shop')).status).to.equal(404);
    });

    it('refuses a wrong number, another rule set, a start in the past or before the newest, and a second membership', async () => {
      await server.publish(SHOP, 0);
      const codeOf = async (yaml: string, expected = 1) => {
        const { status, json } = await server.publish(yaml, expected);
        return [status, json.findings?.[0]?.code, json.findings?.[0]?.path];
      };
      expect(await codeOf(shop(3, 16))).to.deep.equal([422, 'wrong_version', '/version']);
      expect(await codeOf(shop(2, 16, '2026-11-22T11:59:59Z'))).to.deep.equal([
        422,
        'version_order',
        '/effective/from',
      ]);
      await server.publish(shop(2, 16, LATER), 1);
      expect(await codeOf(shop(3, 16), 2)).to.deep.equal([422, 'version_order', '/effective/from']);
      const other = membership(1, 3).replace('ruleSet: pixai-membership', 'ruleSet: second');
      expect(await codeOf(other, 0)).to.deep.equal([422, 'two_memberships', '/tiers']);
      const { json } = await server.post('/v1/rule-sets/shop/versions?note=n', membership(3, 4), {
        ...YAML,
        'If-Match': '"2"',
      });
      expect(json.findings[0]).to.include({ code: 'wrong_rule_set' });
    });

    it('dry runs: everything is checked, nothing is written', async () => {
      const { status, json } = await server.publish(membership(2, 4), 1, '&dryRun=true');
      expect([status, json.dryRun, json.version]).to.deep.equal([200, true, 2]);
      expect(json.changes.map((each: { readonly sentence: string }) => each.sentence)).to.deep.equal([
        'Free LoRA training, Starter: 3 → 4 a month',
      ]);
      expect((await server.get('/v1/rule-sets/pixai-membership/versions')).json.versions).to.have.length(1);
      expect((await server.publish(membership(3, 4), 1, '&dryRun=true')).status).to.equal(422);
    });

    it('of many publishers at once one wins, and each other learns of it', async () => {
      const results = await Promise.all([1, 2, 3, 4, 5].map((n) => server.publish(membership(2, 3 + n), 1)));
      const statuses = results.map(({ status }) => status).sort();
      expect(statuses).to.deep.equal([201, 412, 412, 412, 412]);
      for (const { status, json } of results) if (status === 412) expect(json.diff.changes).to.have.length(1);
      const { versions } = (await server.get('/v1/rule-sets/pixai-membership/versions')).json;
      expect(versions).to.have.length(2);
      expect(versions[1].digest).to.equal(results.find(({ status }) => status === 201)?.json.digest);
    });

    it('a scheduled version can be withdrawn until it starts, and its number is free again', async () => {
      await server.publish(SHOP, 0);
      await server.publish(shop(2, 16, LATER), 1);
      const remove = (n: number) => server.send('DELETE', `/v1/rule-sets/shop/versions/${n}`);
      expect((await remove(1)).json).to.include({ status: 409, code: 'version_started' });
      expect((await remove(3)).json).to.include({ status: 404, code: 'unknown_version' });
      expect((await remove(2)).status).to.equal(204);
      expect((await server.post('/v1/decisions', { ...ENTER, at: LATER })).json.ruleSet.version).to.equal(1);
      expect((await server.publish(shop(2, 15, LATER), 1)).status).to.equal(201);
      await server.send('PUT', '/v1/clock', { now: LATER });
      expect((await remove(2)).json).to.include({ status: 409, code: 'version_started' });
      expect((await server.post('/v1/decisions', { ...ENTER, input: { age: 15 } })).json.decision).to.equal('allow');
    });

    it('rolls back to old content, at once and for everybody, with every comment', async () => {
      await server.publish(membership(2, 4).replace('existingMembers: now  ', 'existingMembers: neverWorse  '), 1);
      await server.publish(membership(3, 2), 2);
      const rollback = (body: unknown) => server.post('/v1/rule-sets/pixai-membership/rollback', body);
      const { status, json } = await rollback({ to: 2, note: 'too few' });
      expect([status, json.version, json.from]).to.deep.equal([201, 4, '2026-11-22T12:00:00.000Z']);
      const yaml = (await server.get('/v1/rule-sets/pixai-membership/versions/4', { Accept: 'application/yaml' })).text;
      expect(yaml).to.equal(membership(4, 4, '2026-11-22T12:00:00.000Z'));
      expect((await rollback({ to: 9, note: 'n' })).json).to.include({
        status: 404,
        code: 'unknown_version',
        field: '/to',
      });
      expect((await rollback({ to: 1 })).json).to.include({ status: 400, field: '/note' });
      expect((await rollback({ to: 'x', note: 'n' })).json).to.include({ status: 400, field: '/to' });
      await server.publish(membership(5, 6, LATER), 4);
      expect((await rollback({ to: 1, note: 'n' })).json).to.include({ status: 409, code: 'version_scheduled' });
    });

    it('does not roll back to what is in force for everybody already', async () => {
      const rollback = (to: number) =>
        server.post('/v1/rule-sets/pixai-membership/rollback', { to, note: 'just to be sure' });
      const versions = async () =>
        (await server.get('/v1/rule-sets/pixai-membership/versions')).json.versions.length as number;
      const refused = await rollback(1);
      expect(refused.json).to.include({ status: 409, code: 'nothing_changes' });
      expect(refused.json.detail).to.include('version 1 is in force for everybody already');
      await server.publish(membership(2, 4), 1);
      expect((await rollback(1)).json.version).to.equal(3);
      // Version 3 is version 1 again.
      const again = await rollback(1);
      expect(again.json).to.include({ status: 409, code: 'nothing_changes' });
      expect(again.json.detail).to.include('version 3, which is in force for everybody, says the same as version 1');
      expect(await versions()).to.equal(3);
      // Whoever has a term goes on by version 3: going back to version 4 is for them, too.
      const waits = (text: string) => text.replace('existingMembers: now ', 'existingMembers: nextTerm ');
      await server.publish(waits(membership(4, 4)), 3);
      expect((await rollback(4)).json.version).to.equal(5);
      expect((await rollback(4)).json.code).to.equal('nothing_changes');
      expect(await versions()).to.equal(5);
    });

    it('validates without publishing', async () => {
      const validate = (id: string, yaml: string) => server.post(`/v1/rule-sets/${id}/validate`, yaml, YAML);
      expect((await validate('shop', SHOP)).json).to.deep.equal({ ok: true, findings: [] });
      const { status, json } = await validate('shop', SHOP.replace('old_enough, deny', 'old_enouh, deny'));
      expect([status, json.ok]).to.deep.equal([200, false]);
      const [finding] = json.findings;
      expect(finding).to.include({ severity: 'error', code: 'unknown_condition', line: 14, didYouMean: 'old_enough' });
      const other = await validate('pixai-membership', SHOP);
      expect(other.json.findings[0]).to.include({ code: 'wrong_rule_set' });
      expect((await validate('pixai-membership', membership(1, 3))).json.ok).to.equal(true);
    });

    it('says what a version changes, as JSON, Markdown and text', async () => {
      await server.publish(membership(2, 4), 1);
      const path = '/v1/rule-sets/pixai-membership/diff';
      const { json } = await server.get(`${path}?from=1&to=2`);
      expect(json.changes[0]).to.include({
        perk: 'free_lora_training',
        sentence: 'Free LoRA training, Starter: 3 → 4 a month',
      });
      expect((await server.get(`${path}?from=2&to=1`)).json.changes[0]).to.include({ from: 4, to: 3 });
      expect((await server.get(path, { Accept: 'text/markdown' })).text).to.contain(
        '- Free LoRA training, Starter: 3 → 4 a month',
      );
      expect((await server.get(path, { Accept: 'text/plain' })).text).to.contain(
        'Free LoRA training, Starter: 3 → 4 a month',
      );
      expect((await server.get(`${path}?from=1&to=7`)).json).to.include({
        status: 404,
        code: 'unknown_version',
        field: '/to',
      });
    });
  });
