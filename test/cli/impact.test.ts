import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Member } from '../../src/domain/member.ts';
import { newMember } from '../../src/domain/member.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const DAY = 86_400_000;

describe('perkbook impact', () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const rules = join(folder, 'rules');
  const env = { PERKBOOK_DATA: data, PERKBOOK_RULES: rules };
  const v1 = readFileSync(join(ROOT, 'rules/pixai-membership/v1.yaml'), 'utf8');
  const file = (name: string, change: (text: string) => string) => {
    writeFileSync(
      join(folder, name),
      change(v1.replace('version: 1', 'version: 2').replace('2026-01-01', '2026-11-21')),
    );
    return join(folder, name);
  };
  const less = file('less.yaml', (text) => text.replace('starter: 3,', 'starter: 2,'));
  const at = ['--at', '2026-11-22T10:00:00Z'];

  before(async () => {
    mkdirSync(rules);
    cpSync(join(ROOT, 'rules'), rules, { recursive: true });
    const store = await openEmbeddedStore({ folder: data });
    for (let i = 0; i < 200; i++) {
      const terms: Member['terms'] =
        i < 150 ? [] : [{ tier: 'starter', channel: 'web', startsAt: NOW - DAY, endsAt: NOW + 29 * DAY }];
      const member = { ...newMember(`u-${i}`), terms };
      await store.update(member.id, () => ({ result: undefined, write: { member } }));
    }
    await store.close();
  });

  it('reports how many, what and who, for reading', async () => {
    const { code, out, err } = await perkbookHere(['impact', less, ...at], { env });
    expect(err).to.equal('');
    expect(code).to.equal(0);
    expect(out).to.include('pixai-membership version 2, judged at 2026-11-22T10:00:00.000Z: 200 members');
    expect(out).to.match(/lose +50 {2}25 %/);
    expect(out).to.match(/unchanged +150 {2}75 %/);
    expect(out).to.match(/Free LoRA training +0 +50/);
    expect(out).to.match(/Starter +0 +50/);
    expect(out).to.include('- u-150  Free LoRA training: 3 → 2');
  });

  it('is a gate: exit code 1 where more lose than may', async () => {
    const gate = (share: string) => perkbookHere(['impact', less, ...at, '--fail-if-lose', share], { env });
    expect(await gate('24.9%')).to.include({ code: 1, err: '25 % of 200 members lose, 24.9 % are accepted\n' });
    expect(await gate('25%')).to.include({ code: 0, err: '' });
    expect((await gate('0.25')).err).to.include('is no share from 0% to 100%; write it like `0.5%`');
  });

  it('says the same as JSON', async () => {
    const { out } = await perkbookHere(['impact', less, ...at, '--json'], { env });
    expect(JSON.parse(out)).to.deep.include({
      members: 200,
      gain: 0,
      lose: 50,
      mixed: 0,
      unchanged: 150,
      lossShare: 0.25,
      perks: { free_lora_training: { gain: 0, lose: 50 } },
      partial: false,
    });
  });

  it('judges a version among the rules against those before it, as a file too', async () => {
    const there = join(rules, 'pixai-membership', 'v2.yaml');
    writeFileSync(there, readFileSync(less, 'utf8'));
    for (const words of [['pixai-membership'], ['pixai-membership', '--version', '2'], [there]]) {
      const { out } = await perkbookHere(['impact', ...words, ...at, '--json'], { env });
      expect(JSON.parse(out), words.join(' ')).to.include({ lose: 50 });
    }
    const first = await perkbookHere(['impact', '--version', '1', ...at], { env });
    expect(first.err).to.include('version 1 of `pixai-membership` is its first');
  });

  it('judges a version that starts later as if it had started, for whoever has a running term', async () => {
    const far = file('far.yaml', (text) =>
      text.replace('starter: 3,', 'starter: 1,').replace('2026-11-21', '2030-01-01'),
    );
    const { out, err } = await perkbookHere(['impact', far, ...at], { env });
    expect(err).to.equal('');
    expect(out).to.match(/lose +50 {2}25 %/);
    expect(out).to.include('as if it had started then: by its file it starts at 2030-01-01T00:00:00.000Z\n');
    expect(out).to.include('50 members have a running term then\n');
    const started = await perkbookHere(['impact', less, ...at], { env });
    expect(started.out).not.to.include('as if it had started');
  });

  it('judges now where nobody says when, and understands `now`', async () => {
    const far = file('far.yaml', (text) => text.replace('2026-11-21', '2030-01-01'));
    for (const words of [[], ['--at', 'now']]) {
      const { out } = await perkbookHere(['impact', far, ...words, '--json'], { env });
      expect(Date.parse(JSON.parse(out).at), words.join(' ')).to.be.within(Date.now() - 60_000, Date.now());
      expect(JSON.parse(out)).to.include({ startsAt: '2030-01-01T00:00:00.000Z' });
    }
  });

  it('warns where nobody has a running term: then nobody can lose one', async () => {
    const late = ['--at', '2031-11-22T10:00:00Z', '--fail-if-lose', '0%'];
    for (const words of [[], ['--json']]) {
      const { code, err } = await perkbookHere(['impact', less, ...late, ...words], { env });
      expect(code).to.equal(0);
      expect(err).to.match(/^warning: none of 200 members has a running term at 2031-11-22T10:00:00\.000Z: /);
      expect(err).to.match(/; judged now, as publishing judges, (?:50|0) of 200 members would lose something\n$/);
    }
    const early = await perkbookHere(['impact', less, '--at', '2024-11-22T10:00:00Z'], { env });
    expect(early.err).to.match(/only what everybody has was compared; name another instant with `--at`\n$/);
    const none = join(folder, 'none');
    await (await openEmbeddedStore({ folder: none })).close();
    const { err } = await perkbookHere(['impact', less, ...at], { env: { ...env, PERKBOOK_DATA: none } });
    expect(err).to.equal('warning: there are no members in the store: nothing was compared\n');
  });

  it('says what is wrong with the call', async () => {
    const err = async (...words: string[]) => (await perkbookHere(['impact', ...words], { env })).err;
    expect(await err(less, '--version', '1')).to.include('`--version` is one that is there already');
    expect(await err('pixai-membership', '--version', '9')).to.include('has no version `9`');
    expect(await err(less, '--at', 'soon')).to.include('`--at soon` is no instant');
    expect(await err(less, '--at', '2026-11-23')).to.include('; did you mean `2026-11-23T00:00:00Z`?');
    expect(await err('nothing.yaml')).to.include('`nothing.yaml` cannot be read');
    const nowhere = await perkbookHere(['impact', less], { env: { ...env, PERKBOOK_DATA: join(folder, 'no') } });
    expect(nowhere).to.include({ code: 2 });
    expect(nowhere.err).to.include('there is no member store in');
  });

  it('stops with Ctrl-C and reports on what is done', async () => {
    const run = (afterMs: number) =>
      perkbook(['impact', less, ...at], {
        env,
        onSpawn: (child) => void setTimeout(() => child.kill('SIGINT'), afterMs),
      });
    // Between the first sign of life and the end there is little time: try until it is hit.
    for (let wait = 150; wait < 10_000; wait = Math.ceil(wait * 1.15)) {
      const { code, out } = await run(wait);
      if (code !== 130 || out === '') continue;
      expect(out).to.match(/judged at .*: [\d,]+ members \(stopped before the end\)/);
      return;
    }
    throw new Error('it never stopped in between');
  });
});
