import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Running, run } from '../http/running.ts';
import { perkbookHere, ROOT, temporaryFolder } from './run.ts';

const DAY_MS = 86_400_000;

describe('a message of the command line says what to write', () => {
  const folder = temporaryFolder();
  const env = { PERKBOOK_RULES: join(folder, 'rules'), PERKBOOK_DATA: join(folder, 'data') };
  const refused = async (...words: readonly string[]) => {
    const { code, err } = await perkbookHere(words, { env });
    expect(code, err).to.equal(2);
    return err;
  };
  let server: Running;

  before(async () => {
    cpSync(join(ROOT, 'rules'), env.PERKBOOK_RULES, { recursive: true });
    server = await run();
  });
  after(() => server.close());

  it('for a row of a table, and for a measure of a limit', async () => {
    expect(await refused('edit', 'topup_bonus', 'pro', '5')).to.include(
      'say which row with `--part`: `5`, `10` or `30`',
    );
    expect(await refused('edit', 'image_size', 'pro', '5')).to.include(
      'say which one with `--part`: `width` or `height`',
    );
  });

  it('for a resource, here and through a server', async () => {
    const member = join(folder, 'member.yaml');
    writeFileSync(member, '{}');
    for (const desk of [
      ['--member', member],
      ['--url', server.address],
    ]) {
      const ask = ['ask', 'sam', 'model.use_early', ...desk];
      expect(await refused(...ask)).to.include(
        '`model.use_early` is done to a `model`: name it with `--resource model:m-1`',
      );
      expect(await refused(...ask, '--resource', 'm-1')).to.include(
        '`--resource m-1` does not say what it is; did you mean `--resource model:m-1`?',
      );
      expect(await refused(...ask, '--resource', 'modle:m-1')).to.include('did you mean `model`?');
      for (const understood of ['model', 'model:m-1', '{"type": "model"}']) {
        const { code, err } = await perkbookHere([...ask, '--resource', understood], { env });
        expect(code, err).to.equal(0);
      }
    }
  });

  it('for an option that is a setting', async () => {
    for (const [option, variable, key] of [
      ['port', 'PORT', 'port'],
      ['mongodb-uri', 'MONGODB_URI', 'mongodbUri'],
      ['decision-log-folder', 'PERKBOOK_DECISION_LOG_FOLDER', 'decisionLog.folder'],
    ]) {
      expect(await refused('serve', `--${option}`, '90')).to.include(
        `\`--${option}\` is a setting: the variable \`${variable}\`, or \`${key}\` in \`perkbook.yaml\`; \`perkbook config\` prints all of them`,
      );
    }
    expect(await refused('serve', '--worker', '2')).to.include(
      'there is no option `--worker`; did you mean `--workers`?',
    );
  });

  it('for when a key expires, which may be a span', async () => {
    const create = ['keys', 'create', '--scope', 'decide', '--expires'];
    for (const wrong of ['tomorrow', '30', '30w', '0d']) {
      expect(await refused(...create, wrong))
        .to.include(`\`--expires ${wrong}\` must be an instant`)
        .and.include('`30d`');
    }
    expect(await refused(...create, '2020-01-01T00:00:00Z')).to.include('`--expires 2020-01-01T00:00:00Z` is over');
    const { out, code, err } = await perkbookHere([...create, '30d', '--json'], { env });
    expect(code, err).to.equal(0);
    const expiresIn = Date.parse(JSON.parse(out).expiresAt) - Date.now();
    expect(expiresIn).to.be.within(30 * DAY_MS - 60_000, 30 * DAY_MS);
  });

  it('for what is done over HTTP', async () => {
    for (const [command, says] of [
      ['publish', '`POST /v1/rule-sets/{id}/versions`: docs/publishing.md'],
      ['rollback', '`POST /v1/rule-sets/{id}/rollback`: docs/publishing.md'],
      ['withdraw', '`DELETE /v1/rule-sets/{id}/versions/{n}`: docs/publishing.md'],
      ['member', '`PUT /v1/members/{id}`: docs/members.md'],
      ['consume', '`POST /v1/members/{id}/consume`: docs/members.md'],
    ] as const) {
      expect(await refused(command, 'pixai-membership'))
        .to.include(`there is no command \`${command}\``)
        .and.include(says);
      expect(existsSync(join(ROOT, /docs\/\S+\.md/.exec(says)?.[0] ?? '')), says).to.equal(true);
    }
  });

  it('for a candidate and the log of a server', async () => {
    const candidate = join(env.PERKBOOK_RULES, 'documents', 'v1.yaml');
    expect(await refused('replay', '--url', server.address, '--candidate', candidate)).to.include(
      'a server gives its newest entries first: say with `--since` or `--from` when the candidate would have started',
    );
  });

  it('where a version would never hold', async () => {
    const begin = async (...words: readonly string[]) => {
      const { out, err, code } = await perkbookHere(['new-version', 'documents', '--json', ...words], { env });
      expect(code, err).to.equal(0);
      return { ...(JSON.parse(out) as { readonly version: number; readonly file: string }), err };
    };
    const first = await begin('--from', '2030-01-01T00:00:00Z');
    expect(first.err).to.equal('');
    const { file, err } = await begin('--force');
    expect(err).to.equal(
      `version ${first.version} starts at the same instant, and so holds for nobody: where that is not meant, write a later one into \`${file}\`, or with \`--from\`\n`,
    );
  });
});
