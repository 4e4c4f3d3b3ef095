import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Attribute, Member } from '../../src/domain/member.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { run } from '../http/running.ts';
import { ownMongoServer } from '../stores/mongo-server.ts';
import { member } from '../support/arbitrary-member.ts';
import { until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';
import { PROGRAM, perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

const folder = temporaryFolder();
let stores = 0;

const STARTER = { tier: 'starter', channel: 'web', startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' };
const SAM = JSON.stringify({ id: 'sam', terms: [STARTER], holdings: { private_models: 3 } });
const PIA = JSON.stringify({ id: 'pia', terms: [{ ...STARTER, tier: 'pro' }] });

function emptyData(): string {
  return join(folder, `data-${++stores}`);
}

function fileOf(name: string, ...lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

function fileOfMany(name: string, count: number, lineOf: (n: number) => object): string {
  return fileOf(name, Array.from({ length: count }, (_, n) => JSON.stringify(lineOf(n))).join('\n'));
}

async function withStore<T>(data: string, use: (store: EmbeddedStore) => T): Promise<T> {
  const store = await openEmbeddedStore({ folder: data });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function exportOf(data: string): Promise<string> {
  const { code, out, err } = await perkbookHere(['export'], { env: { PERKBOOK_DATA: data } });
  expect(code, err).to.equal(0);
  return out;
}

const anything: fc.Arbitrary<Attribute> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string(), fc.boolean()), { maxLength: 3 }),
);

const members: fc.Arbitrary<readonly Member[]> = fc.uniqueArray(
  fc
    .tuple(
      member,
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((id) => !/[\p{Cc}\p{Cs}]/u.test(id)),
      fc.dictionary(fc.oneof(fc.constant('__proto__'), fc.string({ minLength: 1, maxLength: 10 })), anything),
    )
    .map(([{ extras, ...each }, id, attributes]): Member => {
      // What no API would have taken cannot be there.
      const possible = extras.filter(({ from = Number.NEGATIVE_INFINITY, until = Infinity }) => until > from);
      return { ...each, id, attributes, extras: possible };
    }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
);

describe('perkbook export and import', function () {
  this.timeout(60_000);

  it('carry everything over that can be written of a member, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(members, async (all) => {
        const [from, to] = [emptyData(), emptyData()];
        await withStore(from, async (store) => {
          for (const each of all) await store.update(each.id, () => ({ result: 0, write: { member: each } }));
        });
        const exported = await exportOf(from);
        expect(exported.split('\n').length - 1).to.equal(all.length);
        const file = join(folder, 'round.jsonl');
        writeFileSync(file, exported);
        const { code, err } = await perkbookHere(['import', file], { env: { PERKBOOK_DATA: to } });
        expect(code, err).to.equal(0);
        expect(await exportOf(to)).to.equal(exported);
        await withStore(to, (store) => {
          for (const each of all) expect(store.get(each.id)).to.deep.equal({ ...each, revision: 1, keyDays: {} });
        });
      }),
      { numRuns: 20 },
    );
  });

  it('twice changes nothing, and leaves what a line does not say as it is', async () => {
    const data = emptyData();
    const env = { PERKBOOK_DATA: data };
    const file = fileOf('twice.jsonl', SAM, '', PIA);
    const first = await perkbookHere(['import', file], { env });
    expect(first.out).to.match(/^2 members of `.*twice\.jsonl` are in `.*`, 2 of them new \([\d,]+ a second\)\n$/);
    const again = await perkbookHere(['import', file, '--json'], { env });
    expect(JSON.parse(again.out)).to.include({ ended: 'done', line: 3, members: 2, created: 0, rejected: 0 });
    const more = fileOf('more.jsonl', '{"id": "sam", "attributes": {"role": "admin"}, "revision": 77}');
    expect(await perkbookHere(['import', more], { env })).to.include({ code: 0 });
    await withStore(data, (store) => {
      expect(store.get('pia')?.revision).to.equal(1);
      expect(store.get('sam')).to.deep.include({ revision: 2, holdings: { private_models: 3 } });
    });
  });

  it('take the last of two lines about one member', async () => {
    const data = emptyData();
    const lines = Array.from({ length: 300 }, (_, n) => JSON.stringify({ id: 'sam', holdings: { private_models: n } }));
    await perkbookHere(['import', fileOf('same.jsonl', ...lines)], { env: { PERKBOOK_DATA: data } });
    await withStore(data, (store) => expect(store.get('sam')?.holdings).to.deep.equal({ private_models: 299 }));
  });

  it('end at a bad line, say what is wrong where, and go on behind what was done', async () => {
    const data = emptyData();
    const env = { PERKBOOK_DATA: data };
    const bad = JSON.stringify({ id: 'tim', terms: [{ ...STARTER, tier: 'statrer' }] });
    const file = fileOf('bad.jsonl', SAM, bad, PIA);
    const ended = await perkbookHere(['import', file], { env });
    expect(ended.code).to.equal(1);
    expect(ended.err).to.match(
      /bad\.jsonl:2: \/terms\/0\/tier: `statrer` is no tier; there are .*; did you mean `starter`\?\n/,
    );
    expect(ended.err).to.match(
      /line 1 is imported; mend line 2, then go on with `perkbook import .*bad\.jsonl --resume`/,
    );
    writeFileSync(file, readFileSync(file, 'utf8').replace('statrer', 'starter'));
    const resumed = await perkbookHere(['import', file, '--resume', '--json'], { env });
    expect(resumed.code, resumed.err).to.equal(0);
    expect(JSON.parse(resumed.out)).to.include({ ended: 'done', line: 3, members: 2 });
    expect(existsSync(`${file}.checkpoint`)).to.equal(false);
    await withStore(data, (store) => expect(store.count()).to.equal(3));
  });

  it('leave bad lines out when told to, and lose none of them', async () => {
    const data = emptyData();
    const env = { PERKBOOK_DATA: data };
    const wrong = [
      ['{"id": "a", "terms": ', 'this is no JSON object: '],
      ['{"terms": []}', '/id: `id` is required'],
      ['{"id": "b", "holding": {"private_models": 1}}', 'did you mean `holdings`?'],
      ['{"id": "c", "holdings": {"private_models": -1}}', '/holdings/private_models: '],
      ['{"id": "d\\u0000", "terms": []}', '/id: a user id has no control characters'],
      ['[{"id": "e"}]', 'a line is one member'],
      ['{"id": "f", "usage": {"free_lora_trainin": []}}', 'did you mean `free_lora_training`?'],
    ] as const;
    const file = fileOf('skip.jsonl', SAM, ...wrong.map(([line]) => line), PIA);
    const { code, err } = await perkbookHere(['import', file, '--on-error', 'skip'], { env });
    expect(code).to.equal(1);
    const told = err.split('\n');
    wrong.forEach(([, message], i) => {
      expect(told[i])
        .to.include(`skip.jsonl:${i + 2}:`)
        .and.include(message);
    });
    expect(readFileSync(`${file}.rejects`, 'utf8')).to.equal(wrong.map(([line]) => `${line}\n`).join(''));
    await withStore(data, (store) => expect(store.count()).to.equal(2));
    const again = await perkbookHere(['import', file, '--on-error', 'skip'], { env });
    expect(again).to.include({ code: 2 });
    expect(again.err).to.include('.rejects` is there already');
  });

  it('read stdin, mind no mark of an encoding, and refuse a line without an end', async () => {
    const data = emptyData();
    const ran = await perkbook(['import', '-'], {
      env: { PERKBOOK_DATA: data },
      onSpawn: (child) => child.stdin?.end(`\ufeff${SAM}\r\n${PIA}`),
    });
    expect(ran).to.include({ code: 0, err: '' });
    expect(ran.out).to.match(/^2 members of `stdin` are in /);
    const file = join(folder, 'endless.jsonl');
    writeFileSync(file, `${SAM}\n${'x'.repeat(33 * 1_048_576)}\n${PIA}\n`);
    const { err } = await perkbookHere(['import', file, '--check'], {});
    expect(err).to.include('endless.jsonl:2: this line is longer than any member can be');
  });

  it('take what is UTF-8 only, and keep what is not as it was', async () => {
    const file = join(folder, 'latin.jsonl');
    const bad = Buffer.from('{"id":"b\xff\xfebad"}', 'latin1');
    writeFileSync(file, Buffer.concat([Buffer.from(`${SAM}\n`), bad, Buffer.from(`\n${PIA}\n`)]));
    const data = emptyData();
    const { code, err } = await perkbookHere(['import', file, '--on-error', 'skip'], { env: { PERKBOOK_DATA: data } });
    expect(code).to.equal(1);
    expect(err).to.include('latin.jsonl:2: this line is not UTF-8');
    expect(readFileSync(`${file}.rejects`).equals(Buffer.concat([bad, Buffer.from('\n')]))).to.equal(true);
    await withStore(data, (store) => expect(store.count()).to.equal(2));
  });

  it('say of a line that is too long to be kept that it is in the input only', async () => {
    const file = join(folder, 'long.jsonl');
    const long = 'x'.repeat(33 * 1_048_576);
    writeFileSync(file, `${long}\n${SAM}\n`);
    const skip = () => perkbookHere(['import', file, '--on-error', 'skip'], { env: { PERKBOOK_DATA: emptyData() } });
    const alone = await skip();
    expect(alone.code).to.equal(1);
    expect(alone.err).to.include(`line 1 is in \`${file}\` only`).and.not.include('mend them there');
    expect(existsSync(`${file}.rejects`)).to.equal(false);
    writeFileSync(file, `${long}\n{}\n`);
    const { err } = await skip();
    expect(err).to.include(`line 1 is in \`${file}\` only`).and.include('mend them there');
    expect(readFileSync(`${file}.rejects`, 'utf8')).to.equal('{}\n');
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    it(`can be ended in the middle (${signal}) and go on, with every member there in the end`, async () => {
      const data = emptyData();
      const count = 150_000;
      const file = fileOfMany(`${signal}.jsonl`, count, (n) => ({ id: `u-${n}`, holdings: { private_models: n % 9 } }));
      const { PATH = '' } = process.env;
      const env = { PATH, PERKBOOK_DATA: data };
      const child = spawn(process.execPath, [PROGRAM, 'import', file, '--on-error', 'skip'], { cwd: ROOT, env });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await until(() => existsSync(`${file}.checkpoint`));
      child.kill(signal);
      expect(await ended).to.equal(code);
      if (signal === 'SIGINT')
        expect(err).to.match(/lines are imported; go on with `perkbook import .* --resume --on-error skip`\n$/);
      const partly = await withStore(data, (store) => store.count());
      expect(partly).to.be.within(1, count - 1);

      const elsewhere = await perkbookHere(['import', file, '--resume'], { env: { PERKBOOK_DATA: emptyData() } });
      expect(elsewhere).to.include({ code: 2 });
      expect(elsewhere.err).to.include('is of an import to another place');
      const resumed = await perkbookHere(['import', file, '--resume', '--json'], { env: { PERKBOOK_DATA: data } });
      expect(resumed.code, resumed.err).to.equal(0);
      const { members: rest, line } = JSON.parse(resumed.out);
      expect(line).to.equal(count);
      expect(rest, 'it did not begin again').to.be.below(count);
      expect(await withStore(data, (store) => store.count())).to.equal(count);
    });
  }

  it('do not go on in a store of the same name in another folder', async () => {
    const [here, there] = [emptyData(), emptyData()];
    for (const each of [here, there]) mkdirSync(each);
    const file = fileOf('relative.jsonl', SAM, 'nonsense', PIA);
    const env = { PERKBOOK_RULES: join(ROOT, 'rules') };
    expect((await perkbook(['import', file], { cwd: here, env })).code).to.equal(1);
    writeFileSync(file, `${SAM}\n${PIA}\n`);
    const elsewhere = await perkbook(['import', file, '--resume'], { cwd: there, env });
    expect(elsewhere).to.include({ code: 2 });
    expect(elsewhere.err).to.include('is of an import to another place');
    const named = { ...env, PERKBOOK_DATA: join(here, 'data') };
    expect((await perkbook(['import', file, '--resume'], { cwd: there, env: named })).code).to.equal(0);
    expect(await withStore(join(here, 'data'), (store) => store.count())).to.equal(2);
  });

  it('end with Ctrl-C at once where stdin has nothing more to say', async () => {
    const data = emptyData();
    const ran = await perkbook(['import', '-'], {
      env: { PERKBOOK_DATA: data },
      onSpawn: (child) => {
        child.stdin?.write(`${SAM}\n`);
        // Once the members are being written, it listens.
        void until(() => existsSync(data)).then(() => setTimeout(() => child.kill('SIGINT'), 500));
      },
    });
    expect(ran).to.include({ code: 130 });
    expect(ran.out).to.match(/^1 member of `stdin` is in /);
  });

  it('do not go on with a file that is another one by now', async () => {
    const env = { PERKBOOK_DATA: emptyData() };
    const file = fileOf('changed.jsonl', SAM, 'nonsense');
    await perkbookHere(['import', file], { env });
    fileOf('changed.jsonl', PIA, SAM);
    const { code, err } = await perkbookHere(['import', file, '--resume'], { env });
    expect(code).to.equal(2);
    expect(err).to.include('has changed before line 2');
  });

  it('do not go on where anything before has changed, however far back', async () => {
    const env = { PERKBOOK_DATA: emptyData() };
    const many = Array.from({ length: 500 }, (_, n) => JSON.stringify({ id: `u-${n}`, attributes: { n } }));
    const file = fileOf('far.jsonl', ...many, 'nonsense', SAM);
    expect(await perkbookHere(['import', file], { env })).to.include({ code: 1 });
    const mended = many.map((line) => line.replace('"u-0"', '"v-0"'));
    fileOf('far.jsonl', ...mended, PIA, SAM);
    const { code, err } = await perkbookHere(['import', file, '--resume'], { env });
    expect(code).to.equal(2);
    expect(err).to.include('has changed before line 501');
    fileOf('far.jsonl', ...many, PIA, SAM);
    const resumed = await perkbookHere(['import', file, '--resume', '--json'], { env });
    expect(JSON.parse(resumed.out)).to.include({ ended: 'done', line: 502, members: 2 });
  });

  it('read a pipe to its end, which nobody can go on with', async function () {
    if (process.platform === 'win32') return this.skip();
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const env = { PERKBOOK_DATA: emptyData() };
    const ran = perkbook(['import', pipe], { env });
    await writeFile(pipe, `${SAM}\n${PIA}\nnonsense\n`);
    const { code, err } = await ran;
    expect(code, err).to.equal(1);
    expect(err).to.include('pipe:3: this is no JSON object').and.not.include('--resume');
    expect(existsSync(`${pipe}.checkpoint`)).to.equal(false);
    for (const [words, message] of [
      [['--resume'], '`--resume` needs a file'],
      [['--on-error', 'skip'], 'needs `--rejects <file>`'],
    ] as const) {
      const refused = await perkbookHere(['import', pipe, ...words], { env });
      expect(refused).to.include({ code: 2 });
      expect(refused.err).to.include(message);
    }
    expect((await perkbookHere(['import', folder], { env })).err).to.include('is a folder');
  });

  it('say so where it cannot be written down how far they came', async () => {
    const env = { PERKBOOK_DATA: emptyData() };
    const file = fileOf('unsaid.jsonl', SAM, 'nonsense');
    mkdirSync(`${file}.checkpoint`);
    const ended = await perkbookHere(['import', file], { env });
    expect(ended).to.include({ code: 70 });
    expect(ended.err).to.match(
      /`.*unsaid\.jsonl\.checkpoint`, which says how far the import came, cannot be written: /,
    );
    expect(ended.err).to.not.include('unexpected');
    const resumed = await perkbookHere(['import', file, '--resume'], { env });
    expect(resumed).to.include({ code: 70 });
    expect(resumed.err).to.include('cannot be read: ').and.not.include('unexpected');
  });

  it('go through a running server, whose rules check them', async () => {
    const server = await run();
    try {
      const bad = JSON.stringify({ id: 'tim', terms: [{ ...STARTER, tier: 'free' }] });
      const file = fileOf('server.jsonl', SAM, bad, PIA);
      const url = ['--url', server.address];
      const { code, err, out } = await perkbookHere(['import', file, '--on-error', 'skip', ...url]);
      expect(code).to.equal(1);
      expect(err).to.include('server.jsonl:2: /terms/0/tier: `free` is what everybody has without a term');
      expect(out).to.include(`2 members of \`${file}\` are in \`${server.address}\`, 2 of them new; 1 line rejected`);
      const target = join(folder, 'from-server.jsonl');
      expect(await perkbookHere(['export', target, ...url])).to.include({ code: 0, err: '' });
      expect(readFileSync(target, 'utf8')).to.equal(await exported(server));
      expect(await perkbookHere(['export', target, ...url])).to.include({ code: 2 });
      const nobody = await perkbookHere(['export', '--url', 'http://127.0.0.1:9']);
      expect(nobody).to.include({ code: 70, out: '' });
    } finally {
      await server.close();
    }

    async function exported({ store }: { readonly store: { list: EmbeddedStore['list'] } | object }): Promise<string> {
      const { toMemberLine } = await import('../../src/transfer/member-line.ts');
      return (await (store as EmbeddedStore).list(undefined, 10)).map(toMemberLine).join('');
    }
  });

  it('wait for a MongoDB that is away for a while, and lose nothing', async function () {
    const mongo = await ownMongoServer();
    if (mongo === undefined) return this.skip();
    try {
      const env = { MONGODB_URI: mongo.uri };
      const count = 3_000;
      const file = fileOfMany('mongo.jsonl', count, (n) => ({ id: `u-${n}`, attributes: { n } }));
      const importing = perkbookHere(['import', file, '--json'], { env });
      await until(() => existsSync(`${file}.checkpoint`));
      await pause(mongo.pid ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      process.kill(mongo.pid ?? 0, 'SIGCONT');
      const { code, out, err } = await importing;
      expect(code, err).to.equal(0);
      expect(JSON.parse(out)).to.include({ ended: 'done', members: count });
      const { out: all } = await perkbookHere(['export'], { env });
      expect(
        new Set(
          all
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line).attributes.n),
        ).size,
      ).to.equal(count);
    } finally {
      await mongo.stop();
    }
  });
});
