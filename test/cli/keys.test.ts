import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { bearer, withKeys } from '../http/access/with-keys.ts';
import { run as runServer, SIX_LORAS } from '../http/running.ts';
import { until } from '../support/expecting.ts';
import { perkbook, perkbookHere, temporaryFolder } from './run.ts';

describe('perkbook keys', () => {
  const data = temporaryFolder();
  const folder = temporaryFolder();
  const here = (...words: readonly string[]) => perkbookHere(['keys', ...words], { env: { PERKBOOK_DATA: data } });

  it('makes a key, alone on stdout, and says that it is the first', async () => {
    const { code, out, err } = await here('create', 'shop', '--scope', 'decide', '--rule-set', 'documents');
    expect([code, out]).to.satisfy(([status, text]: [number, string]) => status === 0 && /^pk_\w{60}\n$/.test(text));
    expect(err)
      .to.include('may decide')
      .and.include('shown this once')
      .and.include('from now on every request needs one');
    expect(err).to.not.include(out.slice(14, -1));
    expect((await here('create', '--scope', 'admin')).err).to.not.include('first');
  });

  it('lists keys without what is secret of them, and revokes one by its id or by itself', async () => {
    const { out: text } = await here('create', 'old', '--scope', 'log:read', '--expires', '2099-01-01T00:00:00Z');
    const id = text.slice(0, 13);
    const listed = await here('list');
    expect(listed.out).to.match(
      new RegExp(`^${id}  active +\\d{4}-\\d\\d-\\d\\d  2099-01-01  log:read +all +old$`, 'm'),
    );
    expect(listed.out).to.not.include(text.slice(14, -1));
    expect(await here('revoke', text.trim())).to.include({ code: 0, out: `${id} is revoked\n` });
    const { keys } = JSON.parse((await here('list', '--json')).out);
    expect(keys.find((key: { readonly id: string }) => key.id === id)).to.include({ state: 'revoked', name: 'old' });
    expect(await here('revoke', 'pk_0000000000')).to.include({ code: 70 });
  });

  it('warns where a rule set is still to be made, by the key itself or by anybody', async () => {
    const asked = ['create', 'ci', '--rule-set', 'shop', '--scope'];
    const says = 'warning: there is no rule set `shop` yet\n';
    expect((await here(...asked, 'rules:publish')).err).to.include(says);
    expect(JSON.parse((await here(...asked, 'rules:write', '--json')).out)).to.include({ warning: says.slice(9, -1) });
    const env = { PERKBOOK_DATA: data, PERKBOOK_RULES: `${data}/none-yet` };
    const early = await perkbookHere(['keys', ...asked, 'decide'], { env });
    expect([early.code, early.err]).to.satisfy(([code, err]: [number, string]) => code === 0 && err.includes(says));
    expect((await here('create', '--scope', 'decide', '--rule-set', 'documents')).err).to.not.include('warning');
  });

  it('says what is wrong with how it is called', async () => {
    const table: readonly (readonly [string, RegExp])[] = [
      ['creat', /did you mean `create`/],
      ['create', /`--scope` is required/],
      ['create --scope decid', /did you mean `decide`/],
      ['create --scope admin --rule-set documents', /cannot be kept to rule sets/],
      ['create --scope decide --expires tomorrow', /must be an instant/],
      ['create --scope decide --rule-set Documents', /`ruleSets\[0\]` must/],
      ['create --scope decide --rule-set document', /there is no rule set `document`;.*did you mean `documents`/],
      ['list all', /takes no `all`/],
      ['list --scope admin', /is for `keys create`/],
      ['revoke', /which one/],
      ['revoke shop', /no id of a key/],
      ['', /is missing/],
    ];
    for (const [words, says] of table) {
      const { code, err } = await here(...words.split(' ').filter((word) => word !== ''));
      expect([code, err], words).to.satisfy(([status, text]: [number, string]) => status === 2 && says.test(text));
    }
    const nowhere = await perkbookHere(['keys', 'list'], { env: { PERKBOOK_DATA: `${data}/nowhere` } });
    expect(nowhere).to.include({ code: 2 });
  });

  it('makes keys for a server that runs, and takes them away, in another process', async () => {
    const server = await runServer({ data: folder }, () => {});
    try {
      const env = { PERKBOOK_DATA: folder };
      expect((await server.post('/v1/decisions', SIX_LORAS)).status).to.equal(200);
      const made = await perkbook(['keys', 'create', '--scope', 'decide'], { env });
      expect(made.code, made.err).to.equal(0);
      // With the first key, from some tenths of a second on; with any other at once.
      await until(async () => (await server.post('/v1/decisions', SIX_LORAS)).status === 401, 1_000);
      const headers = bearer(made.out.trim());
      expect((await server.post('/v1/decisions', SIX_LORAS, headers)).status).to.equal(200);
      const second = await perkbook(['keys', 'create', '--scope', 'decide'], { env });
      expect((await server.post('/v1/decisions', SIX_LORAS, bearer(second.out.trim()))).status).to.equal(200);
      await perkbook(['keys', 'revoke', made.out.slice(0, 13)], { env });
      await until(async () => (await server.post('/v1/decisions', SIX_LORAS, headers)).status === 401, 1_000);
    } finally {
      await server.close();
    }
  }).timeout(20_000);
});

describe('perkbook serve', () => {
  const PERKBOOK_DATA = temporaryFolder();

  it('says at start whether it asks for keys, and does not start where anybody could ask', async () => {
    const startedWith = async (env: Readonly<Record<string, string>>) => {
      let out = '';
      const { code, err } = await perkbook(['serve'], {
        env: { PORT: '0', PERKBOOK_DATA, ...env },
        onSpawn: (child) => {
          child.stdout?.on('data', (chunk: Buffer) => {
            out += chunk.toString();
            // After the turn in which everything is said that is said at the start.
            if (out.includes('Perkbook answers')) setTimeout(() => child.kill('SIGTERM'), 300);
          });
        },
      });
      return { code, err, out };
    };
    expect((await startedWith({})).out).to.match(/^It asks nobody for a key/m);
    const refused = await startedWith({ HOST: '0.0.0.0' });
    expect(refused).to.include({ code: 1, out: '' });
    expect(refused.err).to.match(/^`0\.0\.0\.0` can be reached from elsewhere.*`perkbook keys create --scope admin`/);
    await perkbook(['keys', 'create', '--scope', 'admin'], { env: { PERKBOOK_DATA } });
    expect((await startedWith({ HOST: '0.0.0.0' })).out)
      .to.match(/^Perkbook answers/)
      .and.not.match(/nobody/);
  }).timeout(30_000);
});

describe('commands that ask a server', () => {
  const folder = temporaryFolder();

  it('ask with a key that may only ask, inputs and all', async () => {
    const server = await withKeys(await runServer({}, () => {}));
    try {
      const { Authorization = '' } = await server.key(['decide']);
      const words = ['ask', 'sam', 'generation.create', '--url', server.address, '--json'];
      for (const [name, value] of Object.entries(SIX_LORAS.input)) words.push('--input', `${name}=${value}`);
      const { code, out, err } = await perkbookHere(words, { env: { PERKBOOK_API_KEY: Authorization.slice(7) } });
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      expect(JSON.parse(out)).to.include({ decision: 'deny' });
    } finally {
      await server.close();
    }
  });

  it('send the key in PERKBOOK_API_KEY, and say where it belongs when it is missing', async () => {
    const server = await withKeys(await runServer({}, () => {}));
    try {
      const url = ['--url', server.address];
      const ask = ['ask', 'sam', 'generation.turbo', ...url];
      const without = await perkbookHere(ask);
      expect([without.code, without.err]).to.satisfy(
        ([code, err]: [number, string]) => code === 70 && err.includes('PERKBOOK_API_KEY'),
      );
      const members = join(folder, 'members.jsonl');
      writeFileSync(members, '{"id": "sam"}\n');
      const imported = await perkbookHere(['import', members, ...url]);
      expect(imported.err).to.include('PERKBOOK_API_KEY is the key that is sent');
      const env = { PERKBOOK_API_KEY: server.admin.Authorization?.slice(7) ?? '' };
      const withKey = await perkbookHere(ask, { env });
      expect(withKey.code, withKey.err).to.equal(0);
      expect(withKey.out).to.match(/no/i);
      const replayed = await perkbookHere(['test', 'fixtures/documents', ...url], { env });
      expect(replayed.code, replayed.err + replayed.out).to.equal(0);
      const unasked = await perkbookHere(['test', 'fixtures/documents', ...url]);
      expect([unasked.code, unasked.err]).to.satisfy(
        ([code, err]: [number, string]) => code === 70 && err.includes('PERKBOOK_API_KEY is the key that is sent'),
      );
      const wrong = await perkbookHere(ask, { env: { PERKBOOK_API_KEY: 'pk_wrong' } });
      expect(wrong.err).to.include('mistyped').and.not.include('pk_wrong');
    } finally {
      await server.close();
    }
  });
});
