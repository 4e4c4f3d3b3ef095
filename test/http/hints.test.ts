import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Running, run, SIX_LORAS } from './running.ts';

describe('a hint', () => {
  const logs = mkdtempSync(join(tmpdir(), 'perkbook-hints-'));
  let server: Running;
  before(async () => {
    server = await run({
      decisionLog: { sink: 'file', folder: logs, keepDays: 7, sampleAllows: 1, mask: [] },
      publicUrl: 'https://perks.example',
    });
    await server.post('/v1/decisions', SIX_LORAS);
  });
  after(async () => {
    await server.close();
    rmSync(logs, { recursive: true, force: true });
  });

  it('stands at the door: where the description is', async () => {
    const { status, json } = await server.get('/');
    expect(status).to.equal(200);
    expect(json).to.deep.equal({
      docs: 'https://perks.example/docs',
      openapi: 'https://perks.example/openapi.json',
    });
  });

  it('says of a consume where the user stands', async () => {
    const { status, json } = await server.post('/v1/members/sam/consume', {
      user: 'sam',
      action: 'lora.train_free',
      idempotencyKey: 'k',
    });
    expect(status).to.equal(400);
    expect(json).to.include({ code: 'unknown_field', field: '/user' });
    expect(json.detail).to.equal('`user` stands in the path, `/v1/members/{user}/consume`: leave it out of the body');
  });

  it('names the near miss where a page of the log is empty', async () => {
    const page = async (query: string) => (await server.get(`/v1/decisions-log?${query}`)).json;
    expect(await page('action=lora.train')).to.deep.equal({ entries: [], next: null, didYouMean: 'lora.train_free' });
    expect(await page('code=quota_used')).to.deep.equal({ entries: [], next: null, didYouMean: 'quota_used_up' });
    expect(await page('ruleSet=pixai')).to.deep.equal({ entries: [], next: null, didYouMean: 'pixai-membership' });
    // Known, or far from all that is known: nothing is there, and nothing else was meant.
    for (const query of [
      'action=lora.train_free',
      'code=quota_used_up',
      'ruleSet=documents',
      'ruleSet=gone-since',
      'action=zzz',
      'code=not_renewing',
      'user=eve',
    ])
      expect(await page(query), query).to.deep.equal({ entries: [], next: null });
    expect(await page('action=generation.create')).not.to.have.property('didYouMean');
  });

  it('names the instant that was meant', async () => {
    const asked = await server.post('/v1/decisions', { ...SIX_LORAS, at: '2026-11-23' });
    expect(asked.json).to.include({ status: 400, didYouMean: '2026-11-23T00:00:00Z' });
    const log = await server.get('/v1/decisions-log?from=2026-11-23T10:00');
    expect(log.json).to.include({ status: 400, field: '/from', didYouMean: '2026-11-23T10:00:00Z' });
    expect(log.json.detail).not.to.include('%2B');
    const zone = await server.get('/v1/decisions-log?from=2026-11-23T10:00:00+02:00');
    expect(zone.json.detail).to.include('%2B');
    expect(zone.json).not.to.have.property('didYouMean');
  });
});
