import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

describe('perkbook serve, backup and restore', () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const copy = join(folder, 'copy');
  const file = join(folder, 'members.backup');
  const fixtures = join(folder, 'fixtures.yaml');
  const env = { PERKBOOK_DATA: data };
  const scenario = `ruleSet: pixai-membership
scenarios:
  - name: A stranger has no turbo
    members: {anna: {}}
    timeline:
      - {at: 2026-11-05T09:30:00Z, ask: generation.turbo, expect: {code: not_in_plan}}
`;

  it('serve answers, test replays against it, ask knows its members afterwards', async () => {
    writeFileSync(fixtures, scenario);
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [PROGRAM, 'serve'], {
      cwd: ROOT,
      env: { PATH, ...env, PORT: '0', PERKBOOK_TEST_CLOCK: '2026-11-22T10:00:00Z' },
    });
    const closed = once(child, 'close');
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const address = /http:\/\/[\d.:]+/.exec(line.toString())?.[0] ?? '';
      const member = {
        terms: [{ tier: 'pro', channel: 'web', startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' }],
      };
      const body = JSON.stringify(member);
      const headers = { 'content-type': 'application/json' };
      const put = await fetch(`${address}/v1/members/u-1`, { method: 'PUT', headers, body });
      expect(put.status).to.be.lessThan(300);
      const asked = await perkbookHere(['ask', 'u-1', 'generation.turbo', '--url', address]);
      expect(asked).to.include({ code: 0, err: '' });
      expect(asked.out).to.match(/^allow {2}Holds until 2026-12-01T00:00:00.000Z\.\n/);
      const replayed = await perkbookHere(['test', fixtures, '--url', address]);
      expect(replayed.out).to.include('1 passed, 0 failed, 0 skipped; 1 answers compared');
      const clock = (await (await fetch(`${address}/v1/clock`)).json()) as { readonly now: string };
      expect(clock.now, 'the clock is put back').to.match(/^2026-11-22T10:0/);
      // The store is in use by the server, and may be read and copied.
      const saved = await perkbook(['backup', file], { env });
      expect(saved).to.include({ code: 0, err: '' });
      expect(saved.out).to.match(/^\d members and 0 remembered keys of `.*data` are in `.*members\.backup`\n$/);
    } finally {
      child.kill('SIGTERM');
    }
    expect((await closed)[0]).to.equal(0);
  });

  it('restore fills a folder, and replaces members only with --replace', async () => {
    const filled = await perkbook(['restore', file, '--data', copy, '--json']);
    expect(filled).to.include({ code: 0, err: '' });
    expect(JSON.parse(filled.out)).to.include({ file, folder: copy, keys: 0 });
    const again = await perkbookHere(['restore', file, '--data', copy]);
    expect(again).to.include({ code: 2, out: '' });
    expect(again.err).to.include('`--replace`');
    expect(await perkbookHere(['restore', file, '--data', copy, '--replace'])).to.include({ code: 0, err: '' });
    const at = ['--at', '2026-11-22T10:00:00Z'];
    const asked = await perkbookHere(['ask', 'u-1', 'generation.turbo', ...at], { env: { PERKBOOK_DATA: copy } });
    expect(asked.out).to.match(/^allow /);
    const judged = await perkbookHere(['referee', '--store', copy, ...at, '--members', '1']);
    expect(judged.out).to.match(/^1 members, \d+ questions, 0 differences\n$/);
  });

  it('never puts a backup in place of a file, or of the wrong store, without being told', async () => {
    const before = readFileSync(file);
    const again = await perkbookHere(['backup', file], { env });
    expect(again).to.include({ code: 2, out: '' });
    expect(again.err).to.include('is there already; `--force`');
    expect(readFileSync(file).equals(before)).to.equal(true);
    expect(await perkbookHere(['backup', file, '--force'], { env })).to.include({ code: 0, err: '' });
    const mongo = { ...env, MONGODB_URI: 'mongodb://127.0.0.1:9/perkbook' };
    for (const words of [
      ['backup', join(folder, 'other.backup')],
      ['restore', file],
    ]) {
      const ran = await perkbookHere(words, { env: mongo });
      expect(ran).to.include({ code: 2, out: '' });
      expect(ran.err).to.include('MONGODB_URI is set').and.include('`--data`');
    }
    const named = await perkbookHere(['backup', join(folder, 'named.backup'), '--data', data], { env: mongo });
    expect(named).to.include({ code: 0, err: '' });
  });

  it('says what it cannot do, and changes nothing', async () => {
    const broken = join(folder, 'broken.backup');
    writeFileSync(broken, 'not a backup');
    const target = join(folder, 'target');
    const ran = await perkbookHere(['restore', broken, '--data', target]);
    expect(ran).to.include({ code: 70, out: '' });
    expect(ran.err).to.match(/^perkbook: `.*broken\.backup` is not a whole backup of perkbook: [^\n]+\n$/);
    expect(existsSync(target)).to.equal(false);
    expect(await perkbookHere(['restore', join(folder, 'nope')], { env })).to.include({ code: 2 });
    const nothing = await perkbookHere(['backup', join(folder, 'nothing.backup')], { env: { PERKBOOK_DATA: target } });
    expect(nothing.code).to.equal(70);
    expect(nothing.err).to.include('nothing to back up');
  });
});
