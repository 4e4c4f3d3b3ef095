import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ApiLogEntry } from '../../src/generated/answers/log/entry.ts';
import { run, SIX_LORAS, STARTER_TERM } from '../http/running.ts';
import { PROGRAM, perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

describe('perkbook replay and forget', () => {
  const folder = temporaryFolder();
  const logs = join(folder, 'logs');
  const data = join(folder, 'data');
  const candidate = join(folder, 'candidate.yaml');
  let lines: readonly string[];

  before(async () => {
    const decisionLog = { sink: 'file', folder: logs, keepDays: 7, sampleAllows: 1, mask: ['context.ip'] } as const;
    const server = await run({ data, decisionLog });
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    for (let i = 0; i < 4; i++) {
      await server.post('/v1/members/sam/consume', { action: 'lora.train_free', idempotencyKey: `job-${i}` });
    }
    await server.post('/v1/members/sam/consume', { action: 'lora.train_free', idempotencyKey: 'job-0' });
    await server.post('/v1/decisions', { ...SIX_LORAS, context: { ip: '192.0.2.7' } });
    await server.post('/v1/decisions', { ...SIX_LORAS, user: 'eve', input: { ...SIX_LORAS.input, loras: 1 } });
    const resource = { type: 'document', id: 'salaries' };
    await server.post('/v1/decisions', { user: 'u-ben', action: 'document.delete', resource });
    await server.close();
    const [file = ''] = readdirSync(logs);
    lines = readFileSync(join(logs, file), 'utf8').trimEnd().split('\n');
    const first = readFileSync(join(ROOT, 'rules/pixai-membership/v1.yaml'), 'utf8');
    writeFileSync(candidate, first.replace('starter: 3,', 'starter: 4,').replace('version: 1', 'version: 2'));
  });

  it('gets the same answers of the same rules', async () => {
    const { code, out, err } = await perkbook(['replay', logs]);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(
      /^8 entries: 7 of 7 are answered again as they were\n {5}1 {2}not judged: .*first answer again.*\n$/,
    );
  });

  it('says what a candidate would have answered', async () => {
    const { code, out } = await perkbookHere(['replay', logs, '--candidate', candidate]);
    expect(code).to.equal(0);
    expect(out).to.match(/the candidate for pixai-membership, as if it had started at 2026-11-22T12:00:00\.000Z/);
    expect(out).to.match(
      /4 answered otherwise, 2 as before\n1 user is answered otherwise, none is denied what was allowed\n/,
    );
    expect(out).to.match(/1 {2}not judged: the candidate is of another rule set/);
    expect(out).to.match(/lora\.train_free\n {9}1 {2}denied → allowed\n {9}3 {2}other numbers/);
    expect(out).to.match(/was deny quota_used_up \(free_lora_training\)\n.*used 3.*\n {4}now allow/);
  });

  it('names losses first, and who has them', async () => {
    const first = readFileSync(join(ROOT, 'rules/pixai-membership/v1.yaml'), 'utf8');
    const less = join(folder, 'less.yaml');
    writeFileSync(less, first.replace('starter: 3,', 'starter: 1,').replace('version: 1', 'version: 2'));
    const { out } = await perkbookHere(['replay', logs, '--candidate', less]);
    expect(out).to.include('1 user is answered otherwise, 1 is denied what was allowed\n');
    const shown = [...out.matchAll(/lora\.train_free {2}.*: (.*)\n/g)].map(([, kind]) => kind);
    expect(shown).to.deep.equal(['allowed → denied', 'allowed → denied', 'other numbers', 'other numbers']);
    const found = JSON.parse(
      (await perkbookHere(['replay', logs, '--candidate', less, '--examples', '1', '--json'])).out,
    );
    expect(found.candidate).to.include({ users: 1, usersDenied: 1 });
    expect(found.candidate.examples).to.have.lengthOf(1);
    expect(found.candidate.examples[0].difference).to.equal('allowToDeny');
  });

  it('keeps to the entries of a time', async () => {
    const entries = async (...words: string[]) =>
      JSON.parse((await perkbookHere(['replay', logs, '--json', ...words])).out).entries;
    const [first = ''] = lines.map((line) => JSON.parse(line).time).sort();
    const day = first.slice(0, 10);
    expect(await entries('--from', day)).to.equal(8);
    expect(await entries('--until', day)).to.equal(0);
    expect(await entries('--from', first)).to.equal(8);
    expect(await entries('--until', first)).to.equal(0);
    expect(await entries('--until', 'now')).to.equal(8);
    expect(await entries('--from', 'now')).to.equal(0);
  });

  it('reads the log of a server', async () => {
    const decisionLog = { sink: 'file', folder: logs, keepDays: 7, sampleAllows: 1, mask: [] } as const;
    const server = await run({ data, decisionLog });
    try {
      const { code, out, err } = await perkbookHere(['replay', '--url', server.address, '--json']);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(JSON.parse(out)).to.include({ entries: 8, same: 7, mismatches: 0 });
      const words = ['replay', '--url', server.address, '--candidate', candidate, '--from', '2020-01-01', '--json'];
      expect(JSON.parse((await perkbookHere(words)).out).candidate).to.include({ different: 4, same: 2 });
      const none = await perkbookHere(['replay', '--url', server.address, '--until', '2020-01-01', '--json']);
      expect(JSON.parse(none.out)).to.include({ entries: 0 });
      const since = await perkbookHere(['replay', '--url', server.address, '--candidate', candidate]);
      expect(since.err).to.match(/newest entries first: say with `--since` or `--from`/);
      expect(since.code).to.equal(2);
    } finally {
      await server.close();
    }
  });

  it('says it as JSON, for a version that is there, too', async () => {
    const words = ['replay', logs, '--version', '1', '--rule-set', 'pixai-membership', '--json'];
    const found = JSON.parse((await perkbookHere(words)).out);
    expect(found).to.deep.include({ entries: 8, same: 7, mismatches: 0, notJudged: { told_again: 1 }, badLines: 0 });
    expect(found.candidate).to.deep.include({ same: 6, different: 0, notJudged: { another_rule_set: 1 } });
    const changed = JSON.parse(
      (await perkbookHere(['replay', logs, '--candidate', candidate, '--json'])).out,
    ).candidate;
    expect(changed).to.deep.include({
      different: 4,
      estimated: 4,
      actions: { 'lora.train_free': { denyToAllow: 1, values: 3 } },
    });
    const denied = changed.examples.find(({ difference }: { difference: string }) => difference === 'denyToAllow');
    expect(denied.before).to.deep.include({
      decision: 'deny',
      reason: { code: 'quota_used_up', perk: 'free_lora_training' },
    });
    expect(denied.after.decision).to.equal('allow');
  });

  it('counts only from when the candidate would have started', async () => {
    const words = ['replay', logs, '--candidate', candidate, '--since', '2026-12-01T00:00:00Z', '--json'];
    const { candidate: found } = JSON.parse((await perkbookHere(words)).out);
    expect(found.notJudged).to.deep.equal({ before_the_candidate: 6, another_rule_set: 1 });
  });

  it('reads stdin, and says which lines are no entries', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'replay', '-'], { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.stdin.end(`${lines[0]}\nnot json\n{"log": 2}\n\n{"log": 1}\n`);
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).to.equal(1);
    expect(err).to.match(
      /^stdin:2 is no JSON\nstdin:3 has the form 2.*update perkbook\nstdin:5 is no entry of a decision log/,
    );
    expect(out).to.match(/^1 entry: 1 of 1 is answered again as it was\n3 lines are no entry\n$/);
  });

  async function replayChanged(change: (entry: ApiLogEntry) => object, rest: readonly string[] = []) {
    const file = join(folder, 'changed.jsonl');
    writeFileSync(file, lines.map((line) => `${JSON.stringify(change(JSON.parse(line)))}\n`).join(''));
    const { code, out } = await perkbookHere(['replay', file, '--json', ...rest]);
    return { code, found: JSON.parse(out) };
  }

  it('notices an answer that does not follow from its entry', async () => {
    const { code, found } = await replayChanged((entry) =>
      entry.reason?.code === 'limit_exceeded' ? { ...entry, reason: { ...entry.reason, code: 'not_in_plan' } } : entry,
    );
    expect(code).to.equal(1);
    expect(found).to.deep.include({ same: 6, mismatches: 1 });
    expect(found.examples[0]).to.deep.include({ action: 'generation.create', differs: ['reason'] });
  });

  it('judges nothing by rules that are not those of then', async () => {
    const { code, found } = await replayChanged((entry) => ({
      ...entry,
      ruleSet: { ...entry.ruleSet, ...(entry.ruleSet.id === 'documents' ? { id: 'gone' } : { digest: 'sha256:else' }) },
    }));
    expect(code).to.equal(1);
    expect(found.notJudged).to.deep.equal({ told_again: 1, unknown_version: 6, unknown_rule_set: 1 });
  });

  it('judges nothing that reads what is masked, or who it was', async () => {
    const masked = await replayChanged((entry) =>
      entry.action === 'generation.create' ? { ...entry, masked: ['input.loras'] } : entry,
    );
    expect(masked.found.notJudged).to.deep.equal({ told_again: 1, masked: 2 });
  });

  it('counts by name what a candidate reads and the log has not', async () => {
    const first = readFileSync(candidate, 'utf8');
    const with_ = async (replace: readonly [string, string]) => {
      expect(first).to.include(replace[0]);
      writeFileSync(join(folder, 'other.yaml'), first.replace(...replace));
      const { out, err } = await perkbookHere(['replay', logs, '--candidate', join(folder, 'other.yaml'), '--json']);
      expect(err).to.equal('');
      return JSON.parse(out).candidate.notJudged;
    };
    const quota = /free_lora_training:[\s\S]*?per: (\w+)/.exec(first);
    const text = first.slice(quota?.index, (quota?.index ?? 0) + (quota?.[0].length ?? 0));
    const daily = await with_([text, text.replace(/per: \w+$/, 'per: day')]);
    // The first of the four had used nothing: nothing of it was on that day, either.
    expect(daily).to.deep.equal({ another_rule_set: 1, another_period: 3 });
  });

  for (const [words, says] of [
    [['replay', 'nowhere'], /there is no log `nowhere`/],
    [['replay', ROOT], /no files of a decision log/],
    [['replay', 'LOGS', '--version', '9', '--rule-set', 'pixai-membership'], /has no version `9`/],
    [['replay', 'LOGS', '--version', '1', '--candidate', 'x.yaml'], /name one/],
    [['replay', 'LOGS', '--since', '2026-11-22T10:00:00Z'], /about a candidate/],
    [['replay', 'LOGS', '--version', '1', '--since', 'today'], /no instant/],
    [['replay'], /name a log, or a server with `--url`/],
    [['replay', 'LOGS', '--url', 'http://127.0.0.1:1'], /exclude each other/],
    [['replay', 'LOGS', '--from', '2026-11-22', '--until', '2026-11-22'], /`--until` must be later than `--from`/],
    [['replay', 'LOGS', '--from', 'today'], /no instant/],
    [['replay', 'LOGS', '--examples', 'x'], /whole number/],
  ] as const) {
    it(`${words.join(' ').replace(ROOT, 'here')} is a wrong use`, async () => {
      const { code, err } = await perkbookHere(words.map((word) => (word === 'LOGS' ? logs : word)));
      expect(code, err).to.equal(2);
      expect(err).to.match(says);
    });
  }

  it('forget drops what links a user to the log, once', async () => {
    const env = { PERKBOOK_DATA: data };
    const { code, out, err } = await perkbookHere(['forget', 'eve'], { env });
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/`eve` is forgotten/);
    const again = await perkbookHere(['forget', 'eve', '--json'], { env });
    expect(JSON.parse(again.out)).to.deep.equal({ user: 'eve', forgotten: false });
    const decisionLog = { sink: 'file', folder: logs, keepDays: 7, sampleAllows: 1, mask: [] } as const;
    const server = await run({ data, decisionLog });
    expect((await server.get('/v1/decisions-log?user=eve')).json.entries).to.deep.equal([]);
    expect((await server.get('/v1/decisions-log?user=sam')).json.entries).to.have.lengthOf(6);
    await server.close();
  });
});
