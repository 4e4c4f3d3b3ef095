import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

describe('changing rules on the command line', () => {
  const folder = temporaryFolder();
  const rules = join(folder, 'rules');
  const env = { PERKBOOK_RULES: rules };
  const v1 = join(rules, 'pixai-membership', 'v1.yaml');
  const v2 = join(rules, 'pixai-membership', 'v2.yaml');
  const run = (...words: string[]) => perkbookHere(words, { env });
  beforeEach(() => {
    rmSync(rules, { recursive: true, force: true });
    cpSync(join(ROOT, 'rules'), rules, { recursive: true });
  });

  it('begins a version, edits it, shows the difference, and what results is sound', async () => {
    const begun = await perkbook(['new-version', 'pixai-membership', '--from', '2027-01-01T00:00:00Z'], {
      cwd: folder,
    });
    expect(begun).to.include({ code: 0, err: '' });
    expect(begun.out).to.match(
      /^rules\/pixai-membership\/v2\.yaml is version 1 under a new number, and starts at 2027-01-01T00:00:00Z\nnext:\n/,
    );
    const before = readFileSync(v2, 'utf8');
    const edited = await run('edit', 'free_lora_training', 'starter', '4');
    expect(edited).to.include({ code: 0, err: '' });
    expect(edited.out).to.include(
      '+    tiers: {free: 0, starter: 4, hobbyist: 5, pro: 10}\n+ Free LoRA training, Starter: 3 → 4 a month\n',
    );
    expect(readFileSync(v2, 'utf8')).to.equal(before.replace('starter: 3, hobbyist: 5', 'starter: 4, hobbyist: 5'));
    expect((await run('edit', 'free_lora_training', 'starter', '4')).out).to.match(/:\d+ says so already\n$/);
    await run('edit', 'gif_avatar', 'afterEnd', 'loses');
    const diff = await run('diff', 'pixai-membership');
    expect(diff).to.deep.equal({
      code: 0,
      err: '',
      out: '+ Free LoRA training, Starter: 3 → 4 a month\n- GIF profile picture: frozen (what is there stays, nothing new) → lost after the end\n2 changes: 1 better, 1 worse\n',
    });
    expect((await run('validate')).code).to.equal(0);
  });

  it('leaves what is published to the byte', async () => {
    const published = readFileSync(v1, 'utf8');
    const edit = await run('edit', 'free_lora_training', 'starter', '4');
    expect(edit.code).to.equal(2);
    expect(edit.err).to.include('run `perkbook new-version pixai-membership` first');
    expect((await run('fmt', v1)).err).to.include('is published and stays as it is');
    expect(await run('fmt')).to.deep.equal({ code: 0, out: '', err: '' });
    expect(readFileSync(v1, 'utf8')).to.equal(published);
  });

  it('begins a version only after the newest is published, and never over a file', async () => {
    expect((await run('new-version')).err).to.include('say which rule set: `documents`, `pixai-membership`');
    const from = await run('new-version', 'documents', '--from', '2025-12-31T23:59:59Z');
    expect(from.err).to.include('is before version 2 starts, at 2026-11-22T00:00:00Z');
    expect((await run('new-version', 'documents', '--from', '2027-01-01')).err).to.include(
      'did you mean `2027-01-01T00:00:00Z`?',
    );
    expect((await run('new-version', 'documents', '--existing-members', 'nextterm')).err).to.include(
      'did you mean `nextTerm`?',
    );
    const begun = await run('new-version', 'documents', '--json', '--existing-members', 'nextTerm');
    expect(JSON.parse(begun.out)).to.include({ ruleSet: 'documents', version: 3 });
    expect(JSON.parse(begun.out).from).to.match(/^\d{4}-\d\d-01T00:00:00Z$/);
    const again = await run('new-version', 'documents');
    expect(again.code).to.equal(2);
    expect(again.err).to.include('version 3 of `documents` is not published yet');
    expect((await run('new-version', 'documents', '--force')).code).to.equal(0);
    expect((await run('validate')).code).to.equal(0);
  });

  it('shows an edit without making it, and what is doubtful about it', async () => {
    await run('new-version', 'pixai-membership');
    const before = readFileSync(v2, 'utf8');
    const shown = await run('edit', 'private_models', 'starter', '90', '--dry-run');
    expect(shown.code).to.equal(0);
    expect(shown.err).to.include('warning not_monotonic');
    const { line, changes, warnings } = JSON.parse(
      (await run('edit', 'topup_bonus', 'pro', '1', '--part', '5', '--dry-run', '--json')).out,
    );
    expect({ line, what: changes[0].what, warnings: warnings.length }).to.deep.equal({
      line: before.split('\n').findIndex((each) => each.startsWith('      5: {')) + 1,
      what: 'amount.5',
      warnings: 1,
    });
    expect(readFileSync(v2, 'utf8')).to.equal(before);
  });

  it('says what an edit does not understand', async () => {
    await run('new-version', 'pixai-membership');
    const errors = async (...words: string[]) => {
      const { code, err } = await run('edit', ...words);
      expect(code).to.equal(2);
      return err;
    };
    expect(await errors('turbo_mod', 'starter', 'no')).to.include('did you mean `turbo_mode`?');
    expect(await errors('turbo_mode', 'strater', 'no')).to.include('did you mean `starter`?');
    expect(await errors('turbo_mode', 'starter', 'on')).to.include('did you mean `yes`?');
    expect(await errors('turbo_mode', 'starter', 'no', '--rule-set', 'pixai')).to.include(
      'there is no rule set `pixai`',
    );
    expect(await errors('turbo_mode', 'starter')).to.include('`<value>` is missing');
  });

  it('compares versions and files in every format', async () => {
    await run('new-version', 'pixai-membership');
    await run('edit', 'free_lora_training', 'starter', '4');
    expect((await run('diff', '--exit-code')).code).to.equal(1);
    expect(await run('diff', v1, v1, '--exit-code')).to.deep.equal({ code: 0, out: 'no change of meaning\n', err: '' });
    expect((await run('diff', v1, v2, '--format', 'markdown')).out).to.include(
      '- Free LoRA training, Starter: 3 → 4 a month (better)\n',
    );
    const { from, to, changes } = JSON.parse((await run('diff', '--json', '--from', '2', '--to', '1')).out);
    expect([from.version, to.version, changes[0].verdict, changes[0].to]).to.deep.equal([2, 1, 'worse', 3]);
  });

  it('refuses what cannot be compared', async () => {
    const errors = async (...words: string[]) => {
      const { code, err } = await run('diff', ...words);
      expect(code).to.equal(2);
      return err;
    };
    expect(await errors('pixai-membership')).to.include('`pixai-membership` has no version before 1');
    expect(await errors('documents', '--to', '9')).to.include('has no version `9`; it has 1, 2');
    expect(await errors('document')).to.include('did you mean `documents`?');
    expect(await errors(v1)).to.include('name the other one, too');
    expect(await errors(v1, v1, '--from', '1')).to.include('files have no other');
    expect(await errors(v1, join(folder, 'none.yaml'))).to.include('cannot be read');
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'format: perkbook/1\n');
    const ran = await run('diff', v1, broken);
    expect(ran.code).to.equal(1);
    expect(ran.err).to.include('error missing_property');
  });

  it('formats drafts, and says what it would format', async () => {
    await run('new-version', 'pixai-membership');
    const sound = readFileSync(v2, 'utf8');
    const messy = sound.replace('{free: 0, starter: 3', '{ free: 0,starter: 3');
    writeFileSync(v2, messy);
    const check = await run('fmt', '--check');
    expect(check.code).to.equal(1);
    expect(check.out).to.match(/v2\.yaml is laid out differently/);
    expect(readFileSync(v2, 'utf8')).to.equal(messy);
    expect((await run('fmt')).code).to.equal(0);
    expect(readFileSync(v2, 'utf8')).to.equal(sound);
    mkdirSync(join(folder, 'drafts'), { recursive: true });
    const broken = join(folder, 'drafts', 'a.yaml');
    writeFileSync(broken, 'a: [1\n');
    const ran = await run('fmt', broken);
    expect(ran.code).to.equal(1);
    expect(ran.err).to.include('see `perkbook validate');
  });

  it('writes the pages of one rule set or of all', async () => {
    const out = join(folder, 'pages', 'deep');
    const all = await run('docs', '--out', out);
    expect(all).to.include({ code: 0, err: '' });
    const names = ['documents.md', 'documents.html', 'pixai-membership.md', 'pixai-membership.html'];
    expect(all.out).to.equal(names.map((name) => `${join(out, name)}\n`).join(''));
    expect(readFileSync(join(out, 'pixai-membership.html'), 'utf8')).to.equal(
      readFileSync(join(ROOT, 'docs', 'pixai-membership.html'), 'utf8'),
    );
    expect(JSON.parse((await run('docs', 'documents', '--json')).out)).to.include({
      ruleSet: 'documents',
      table: null,
    });
    expect((await run('docs', '--version', '1')).err).to.include('say which one');
    expect((await run('docs', 'documents', '--version', '9')).err).to.include('has no version `9`; it has 1, 2');
    expect((await run('docs', 'document')).err).to.include('did you mean `documents`?');
    expect((await run('docs', '--out', join(v1, 'x'))).code).to.equal(70);
  });
});
