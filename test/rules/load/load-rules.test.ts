import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { FindingCode } from '../../../src/rules/load/finding.ts';
import { type LoadedRules, loadRules, lockVersions } from '../../../src/rules/load/folder/load-rules.ts';
import { FOLDER_CODES } from './folder-codes.ts';
import { SOUND } from './marked.ts';

const PLAIN = `format: perkbook/1
ruleSet: plain
version: 1
title: Plain
effective: {from: 2026-01-01T00:00:00Z}
actions: {page.read: {title: Read, open: true}}
`;

function version(text: string, number: number, from = '2026-01-01T00:00:00Z'): string {
  return text.replace('version: 1', `version: ${number}`).replace('2026-01-01T00:00:00Z', from);
}

describe('a folder of rules', () => {
  let folder = '';
  const seen = new Set<FindingCode>();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perkbook-rules-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  after(() => {
    const untested = FOLDER_CODES.filter((code) => !seen.has(code) && code !== 'too_many_findings');
    expect(untested, 'codes that no test here has seen').to.deep.equal([]);
  });

  async function write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  }

  async function load(): Promise<{ readonly loaded: LoadedRules; readonly found: readonly string[] }> {
    const loaded = await loadRules(folder);
    for (const { code } of loaded.findings) seen.add(code);
    const found = loaded.findings.map(
      ({ code, file, line, column }) => `${code} ${file.slice(folder.length + 1)}:${line}:${column}`,
    );
    expect(loaded.book === undefined).to.equal(loaded.findings.some((each) => each.severity === 'error'));
    return { loaded, found };
  }

  it('becomes one book, with the rule sets of each action', async () => {
    await write({
      'demo/v1.yaml': SOUND,
      'demo/v2.yaml': version(SOUND, 2, '2027-01-01T00:00:00Z'),
      'plain/v1.yaml': PLAIN,
      'README.md': 'hello',
    });
    const { loaded, found } = await load();
    expect(found).to.deep.equal([]);
    expect([...(loaded.book?.ruleSets.keys() ?? [])]).to.deep.equal(['demo', 'plain']);
    expect(loaded.book?.ruleSets.get('demo')?.versions.map((each) => each.ref.version)).to.deep.equal([1, 2]);
    expect(loaded.book?.ruleSetsOf.get('page.read')).to.deep.equal(['plain']);
    expect(loaded.files.map((each) => each.version)).to.deep.equal([1, 2, 1]);
  });

  it('reads ten versions in the order of their numbers', async () => {
    const files = Array.from({ length: 10 }, (_, index) => [`plain/v${index + 1}.yaml`, version(PLAIN, index + 1)]);
    await write(Object.fromEntries(files) as Record<string, string>);
    const { loaded } = await load();
    expect(loaded.book?.ruleSets.get('plain')?.versions.map((each) => each.ref.version)).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => index + 1),
    );
  });

  it('is empty when it holds nothing', async () => {
    const { loaded, found } = await load();
    expect(found).to.deep.equal([]);
    expect(loaded.book?.ruleSets.size).to.equal(0);
  });

  it('has the digest of the bytes of a file', async () => {
    await write({ 'plain/v1.yaml': `\ufeff${PLAIN.replaceAll('\n', '\r\n')}` });
    const { loaded } = await load();
    const { createHash } = await import('node:crypto');
    const bytes = await readFile(join(folder, 'plain/v1.yaml'));
    const ref = loaded.book?.ruleSets.get('plain')?.versions[0]?.ref;
    expect(ref?.digest).to.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it('shows all findings of all files at once', async () => {
    await write({
      'demo/v1.yaml': SOUND.replace('per: day', 'per: dya'),
      'plain/v1.yaml': PLAIN.replace('page.read', 'Page'),
    });
    const { loaded, found } = await load();
    expect(found).to.deep.equal(['wrong_value demo/v1.yaml:19:10', 'wrong_id plain/v1.yaml:6:11']);
    expect(loaded.files.map((each) => each.findings.length)).to.deep.equal([1, 1]);
  });

  it('checks what a file says of itself', async () => {
    await write({ 'plain/v1.yaml': PLAIN, 'plain/v2.yaml': PLAIN.replace('plain', 'plane') });
    const { found } = await load();
    expect(found).to.deep.equal(['wrong_rule_set plain/v2.yaml:2:10', 'wrong_version plain/v2.yaml:3:10']);
  });

  it('has one membership at most', async () => {
    await write({ 'demo/v1.yaml': SOUND, 'other/v1.yaml': SOUND.replace('ruleSet: demo', 'ruleSet: other') });
    const { found, loaded } = await load();
    expect(found).to.deep.equal(['two_memberships other/v1.yaml:9:1']);
    expect(loaded.findings[0]?.message).to.match(/`other` has tiers, and so has `demo`/);
  });

  it('has versions without a gap, that start one after the other', async () => {
    await write({
      'plain/v1.yaml': version(PLAIN, 1, '2026-03-01T00:00:00Z'),
      'plain/v2.yaml': version(PLAIN, 2, '2026-02-01T00:00:00Z'),
      'gap/v1.yaml': PLAIN.replace('plain', 'gap'),
      'gap/v3.yaml': version(PLAIN.replace('plain', 'gap'), 3, '2026-02-01T00:00:00Z'),
    });
    const { found } = await load();
    expect(found).to.deep.equal(['missing_version gap/v2.yaml:1:1', 'version_order plain/v2.yaml:5:19']);
  });

  it('never loses a tier', async () => {
    const less = version(SOUND, 2, '2026-02-01T00:00:00Z')
      .replace('  pro: {title: Pro}', '  max: {title: Max}')
      .replaceAll('pro: ', 'max: ');
    await write({ 'demo/v1.yaml': SOUND, 'demo/v2.yaml': less.replace('default: pro', 'default: max') });
    const { found, loaded } = await load();
    expect(found).to.deep.equal(['deleted_tier demo/v2.yaml:9:1']);
    expect(loaded.findings[0]?.message).to.match(/`retired: true`/);
  });

  describe('with published versions', () => {
    beforeEach(async () => {
      await write({ 'plain/v1.yaml': PLAIN, 'plain/v2.yaml': version(PLAIN, 2) });
      expect(await lockVersions(folder)).to.deep.equal([
        { ruleSet: 'plain', version: 1 },
        { ruleSet: 'plain', version: 2 },
      ]);
    });

    it('loads, and has nothing to lock again', async () => {
      expect((await load()).found).to.deep.equal([]);
      expect(await lockVersions(folder)).to.deep.equal([]);
      const lock = await readFile(join(folder, 'plain/versions.lock'), 'utf8');
      expect(lock).to.match(/^(# .*\n){2}1: sha256:[0-9a-f]{64}\n2: sha256:[0-9a-f]{64}\n$/);
    });

    it('says no more of its doubts about a published version once another has come', async () => {
      const sound = (number: number) => version(PLAIN, number, `2026-01-0${number}T00:00:00Z`);
      const doubtful = (number: number) =>
        sound(number).replace('title: Plain', 'title: Plain\nstatements: {S1: First}');
      await write({ 'plain/v3.yaml': doubtful(3) });
      await lockVersions(folder);
      expect((await load()).found, 'nobody has seen to it').to.deep.equal([
        'statement_without_source plain/v3.yaml:5:14',
      ]);
      await write({ 'plain/v4.yaml': sound(4) });
      expect((await load()).found).to.deep.equal([]);
      await write({ 'plain/v5.yaml': doubtful(5), 'plain/v6.yaml': sound(6) });
      expect((await load()).found, 'it can still be changed').to.deep.equal([
        'statement_without_source plain/v5.yaml:5:14',
      ]);
    });

    it('loads a version that is not published yet', async () => {
      await write({ 'plain/v3.yaml': version(PLAIN, 3, '2026-02-01T00:00:00Z') });
      expect((await load()).found).to.deep.equal([]);
      expect(await lockVersions(folder)).to.deep.equal([{ ruleSet: 'plain', version: 3 }]);
    });

    it('refuses a published version that has changed, and says what to do', async () => {
      await write({ 'plain/v1.yaml': PLAIN.replace('title: Read', 'title: Reading') });
      const { found, loaded } = await load();
      expect(found).to.deep.equal(['changed_version plain/v1.yaml:3:10']);
      expect(loaded.findings[0]?.message).to.match(/a copy called `v3.yaml` with `version: 3`/);
      let refused: unknown;
      await lockVersions(folder).catch((error: unknown) => {
        refused = error;
      });
      expect(String(refused)).to.match(/has been published/);
    });

    it('refuses a published version that is gone', async () => {
      await rm(join(folder, 'plain/v2.yaml'));
      expect((await load()).found).to.deep.equal(['missing_version plain/v2.yaml:1:1']);
    });

    it('refuses a damaged lock', async () => {
      await write({ 'plain/versions.lock': '# hello\n1: sha256:abc\n' });
      expect((await load()).found).to.deep.equal(['bad_lock plain/versions.lock:2:1']);
    });
  });

  it('warns of files that are nearly versions', async () => {
    await write({
      'plain/v1.yaml': PLAIN,
      'plain/v2.yml': PLAIN,
      'plain/V3.yaml': PLAIN,
      'plain/v01.yaml': PLAIN,
      'plain/notes.yaml': 'x',
      'plain/v1 (copy).yaml': PLAIN,
      'plain/history.yaml': '[]',
      'plain/v1.scenarios.yaml': 'x',
      'plain/README.md': 'x',
      'notes.yaml': PLAIN,
      'v1.yaml': PLAIN,
    });
    const { found, loaded } = await load();
    expect(found).to.deep.equal([
      'misnamed_file plain/V3.yaml:1:1',
      'misnamed_file plain/notes.yaml:1:1',
      'misnamed_file plain/v01.yaml:1:1',
      'misnamed_file plain/v1 (copy).yaml:1:1',
      'misnamed_file plain/v2.yml:1:1',
      'misnamed_file notes.yaml:1:1',
      'misnamed_file v1.yaml:1:1',
    ]);
    expect(loaded.book?.ruleSets.size).to.equal(1);
  });

  it('warns of a folder with nothing in it', async () => {
    await write({ 'plain/v1.yaml': PLAIN });
    await mkdir(join(folder, 'empty'));
    expect((await load()).found).to.deep.equal(['no_version empty:1:1']);
  });

  it('is not the folder of one rule set', async () => {
    await write({ 'v1.yaml': PLAIN, 'v2.yaml': version(PLAIN, 2, '2026-02-01T00:00:00Z') });
    const { found, loaded } = await load();
    expect(found).to.deep.equal(['wrong_folder v1.yaml:1:1']);
    expect(loaded.findings[0]?.message).to.match(/is the folder of one rule set: name the one above it/);
  });

  it('warns of a version that starts when the one before it does, unless it is published', async () => {
    await write({ 'plain/v1.yaml': PLAIN, 'plain/v2.yaml': version(PLAIN, 2) });
    const { found, loaded } = await load();
    expect(found).to.deep.equal(['same_start plain/v2.yaml:5:19']);
    expect(loaded.findings[0]?.message).to.match(
      /^version 2 starts when version 1 does, and so also decides about the past/,
    );
    await lockVersions(folder);
    expect((await load()).found).to.deep.equal([]);
  });

  it('warns of a version that has started and is not locked, where the time is known', async () => {
    const now = Date.parse('2026-02-01T00:00:00Z');
    await write({
      'plain/v1.yaml': PLAIN,
      'plain/v2.yaml': version(PLAIN, 2, '2026-01-31T00:00:00Z'),
      'plain/v3.yaml': version(PLAIN, 3, '2026-02-01T00:00:01Z'),
    });
    const said = async () => (await loadRules(folder, now)).findings.map(({ code, message }) => `${code} ${message}`);
    const [first, second, ...others] = await said();
    expect(first).to.match(/^not_locked version 1 has started.*run `perkbook lock` once it is published$/);
    expect(second).to.match(/^not_locked version 2 has started.*so that the past stays as it was$/);
    expect(others).to.deep.equal([]);
    expect((await load()).found).to.deep.equal([]);
    await lockVersions(folder);
    expect(await said()).to.deep.equal([]);
    for (const each of ['same_start', 'not_locked'] as const) seen.add(each);
  });

  it('reads UTF-8 only, and no more than 4 MiB', async () => {
    await write({
      'plain/v1.yaml': PLAIN,
      'plain/v2.yaml': Buffer.from([0x66, 0xff, 0xfe]),
      'plain/v3.yaml': `${version(PLAIN, 3)}#${' '.repeat(4 * 1024 * 1024)}`,
    });
    expect((await load()).found).to.deep.equal(['unreadable plain/v2.yaml:1:1', 'too_large plain/v3.yaml:1:1']);
  });

  it('follows links inside of the folder, and none that lead out of it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'perkbook-outside-'));
    await writeFile(join(outside, 'v1.yaml'), PLAIN);
    await write({ 'plain/.data/v1.yaml': PLAIN });
    await symlink(join(folder, 'plain/.data/v1.yaml'), join(folder, 'plain/v1.yaml'));
    await symlink(join(outside, 'v1.yaml'), join(folder, 'plain/v2.yaml'));
    await symlink(outside, join(folder, 'other'));
    await symlink(join(folder, 'nowhere'), join(folder, 'plain/v3.yaml'));
    const { found, loaded } = await load();
    await rm(outside, { recursive: true });
    expect(found).to.deep.equal([
      'outside_folder other:1:1',
      'outside_folder plain/v2.yaml:1:1',
      'outside_folder plain/v3.yaml:1:1',
    ]);
    expect(loaded.book?.ruleSets.get('plain')?.versions.length).to.equal(1);
  });
});
