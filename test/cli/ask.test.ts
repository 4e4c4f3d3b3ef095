import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { perkbook, perkbookHere, temporaryFolder } from './run.ts';

const MEMBER = `terms: [{tier: starter, channel: web, startsAt: 2026-11-01T00:00:00Z, endsAt: 2026-12-01T00:00:00Z}]
usage: {free_lora_training: [{at: 2026-11-03T00:00:00Z, amount: 2}]}
`;
const AT = ['--at', '2026-11-22T10:00:00Z'];

describe('perkbook ask', () => {
  const folder = temporaryFolder();
  const member = join(folder, 'member.yaml');
  writeFileSync(member, MEMBER);
  const ask = (...words: string[]) => perkbookHere(['ask', 'u-1', ...words, '--member', member, ...AT]);

  it('answers in a sentence with the numbers; a denial is an answer', async () => {
    const words = ['generation.create', '--input', 'loras=6', '--input', '{"width":1024,"height":1024}'];
    const { code, out, err } = await perkbook(['ask', 'u-1', ...words, '--member', member, ...AT]);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    expect(out).to.equal(
      'deny  limit_exceeded: This uses 6 LoRAs; your plan allows 5. Hobbyist would allow it. Holds until 2026-12-01T00:00:00.000Z.\n' +
        '  loras_per_generation  asked 6, limit 5\n',
    );
  });

  it('answers as the API does with --json', async () => {
    const { code, out } = await ask('credits.topup.bonus', '--input', 'packUsd=5', '--json');
    expect(code).to.equal(0);
    const { id, ruleSet, ...answer } = JSON.parse(out);
    expect(id).to.match(/^[0-9A-Z]{26}$/);
    expect(ruleSet).to.include({ id: 'pixai-membership', version: 1 });
    expect(answer).to.deep.equal({
      decision: 'allow',
      user: 'u-1',
      action: 'credits.topup.bonus',
      at: '2026-11-22T10:00:00.000Z',
      tier: 'starter',
      membership: 'active',
      values: { topup_bonus: { key: 5, amount: 50000 } },
      validUntil: '2026-12-01T00:00:00.000Z',
      degraded: false,
    });
  });

  it('takes a resource, and an amount', async () => {
    const [resource, amount] = await Promise.all([
      ask('model.use_early', '--resource', '{"type":"model","id":"m","properties":{"freeTrial":true}}'),
      ask('lora.train_free', '--amount', '2'),
    ]);
    expect(resource.out).to.match(/^allow .*\n {2}early_access {2}included yes, freeTrial yes\n$/);
    expect(amount.out).to.match(/^deny {2}quota_used_up: You have used 2 of 3/);
  });

  it('refuses a question that cannot be understood with 2, and says what was meant', async () => {
    const [action, input, text, store] = await Promise.all([
      ask('lora.tran_free'),
      ask('generation.create', '--input', 'lorsa=6'),
      ask('credits.topup.bonus', '--input', 'packUsd=five'),
      perkbookHere(['ask', 'u-1', 'generation.turbo'], { env: { PERKBOOK_DATA: join(folder, 'nowhere') } }),
    ]);
    expect([action.code, input.code, text.code, store.code]).to.deep.equal([2, 2, 2, 2]);
    expect(action.err).to.include('did you mean `lora.train_free`?');
    expect(input.err).to.include('`generation.create` takes `loras`, `width`, `height`');
    expect(text.err).to.include('`packUsd` must be a number');
    expect(store.err).to.include('there is no member store');
  });

  it('says when several inputs are in one, and when nothing is stored about the user', async () => {
    const several = await ask('generation.create', '--input', 'loras=6,width=1,height=1');
    expect(several).to.include({ code: 2, out: '' });
    expect(several.err).to.include(
      '`--input loras=6,width=1,height=1` has several inputs in one: write `--input loras=6 --input width=1 --input height=1`',
    );
    const data = join(folder, 'data');
    const store = await openEmbeddedStore({ folder: data });
    await store.close();
    const nobody = await perkbookHere(['ask', 'nobody', 'generation.turbo', ...AT], { env: { PERKBOOK_DATA: data } });
    expect(nobody.code).to.equal(0);
    expect(nobody.err).to.equal('nothing is stored about `nobody`: this is the answer for anybody\n');
    expect((await ask('generation.turbo')).err).to.equal('');
  });

  it('asks a server with --url', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const answers: Readonly<Record<string, object>> = {
        '/v1/rule-sets': { ruleSets: [{ id: 'x' }] },
        '/v1/rule-sets/x': {
          tiers: [{ id: 'gold', title: 'Gold' }],
          actions: [{ id: 'act', input: { n: { type: 'integer' } }, resource: null }],
        },
        '/v1/decisions': {
          decision: 'deny',
          reason: { code: 'c', message: 'No.' },
          unlockedBy: 'gold',
          values: {},
          validUntil: null,
        },
      };
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(body);
        response.end(JSON.stringify(answers[request.url ?? '']));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { code, out } = await perkbookHere(['ask', 'u', 'act', '--input', 'n=6', '--url', url]);
    server.closeAllConnections();
    server.close();
    expect(code).to.equal(0);
    expect(out).to.equal('deny  c: No. Gold would allow it. Holds until a fact or the rules change.\n');
    expect(JSON.parse(asked.at(-1) ?? '')).to.deep.equal({ user: 'u', action: 'act', input: { n: 6 } });
    const gone = await perkbookHere(['ask', 'u', 'act', '--url', url]);
    expect(gone).to.include({ code: 70, out: '' });
    expect(gone.err).to.match(/^perkbook: `http[^\n]*` cannot be reached: [^\n]+\n$/);
  });
});

describe('perkbook explain', () => {
  const member = join(temporaryFolder(), 'member.yaml');
  writeFileSync(member, MEMBER);

  it('says gate by gate what was compared, which version judged, and what would change it', async () => {
    const { code, out } = await perkbook([
      'explain',
      'u-1',
      'lora.train_free',
      '--amount',
      '2',
      '--member',
      member,
      ...AT,
    ]);
    expect(code).to.equal(0);
    expect(out).to.include('by      pixai-membership version 1: version 1 is the only one\n');
    expect(out).to.include('  ✓ free_lora_training  not_in_plan       included (Starter)\n');
    expect(out).to.include(
      '  ✗ free_lora_training  quota_used_up     2 used + 2 asked <= 3 does not hold (Starter)  ← the reason\n',
    );
    expect(out).to.include('  With Hobbyist it would be allowed.\n');
    // Not by waiting: the term ends before the next month of it begins.
    expect(out).to.include('  Free LoRA training: ask for at most 1.\n').and.not.include('next period');
  });

  it('shows the conditions of a rule as a tree', async () => {
    const { out } = await perkbookHere([
      'explain',
      'u-ben',
      'document.delete',
      '--resource',
      'document:handbook',
      '--member',
      member,
      ...AT,
    ]);
    expect(out).to.include('✗ rule  not_owner  may_change does not hold  ← the reason\n');
    expect(out).to.include('✗ resource.attributes.owner "u-anna" = subject.id "u-ben"\n');
    expect(out).to.include('✗ is_admin (user.attributes.role null = "admin")\n');
  });

  it('has the engine’s tree with --json, unlimited numbers in words', async () => {
    const words = ['explain', 'u-1', 'generation.create', '--input', '{"loras":1,"width":9000,"height":1}', '--json'];
    const { out } = await perkbookHere([...words, '--member', member, ...AT]);
    const { decision, judgedBy, gates, changes } = JSON.parse(out);
    expect(decision.decision).to.equal('allow');
    expect(judgedBy).to.deep.equal({ version: 1, why: 'version 1 is the only one' });
    expect(changes).to.deep.equal([]);
    const { condition, ...size } = gates.find(({ name }: { name: string }) => name === 'image_size.limit_exceeded');
    expect(size).to.deep.equal({
      name: 'image_size.limit_exceeded',
      code: 'limit_exceeded',
      perk: 'image_size',
      title: 'Image size',
      takesPart: true,
      held: true,
      text: 'width 9000 <= unlimited and height 1 <= unlimited holds (Starter)',
    });
    expect(condition.all[0]).to.include({
      operator: 'lessThanInclusive',
      factResult: 9000,
      valueResult: 'unlimited',
      result: true,
    });
  });
});
