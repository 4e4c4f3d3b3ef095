import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { configFrom } from '../../src/config/config-from.ts';
import { perkbookHere, temporaryFolder } from '../cli/run.ts';

describe('what is wrong with the settings', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'perkbook.yaml');
  const wrongWith = (yaml: string, environment: Readonly<Record<string, string>> = {}): readonly string[] => {
    writeFileSync(file, yaml);
    try {
      configFrom({ ...environment, PERKBOOK_CONFIG: file });
    } catch (error) {
      return (error as Error).message.split('\n').map((line) => line.replace(file, ''));
    }
    return [];
  };

  it('is said all at once, in the order of the lines: also the values of those beside one of a wrong shape', () => {
    const wrong = wrongWith(
      'prot: 1\nrateLimit: often\nstaleFor: soon\njwt: {issuer: x}\ndecisionLog: {sink: file, keepDays: 0, sampleAllows: 200%}\n',
      { PORT: 'x' },
    );
    expect(wrong).to.deep.equal([
      'PORT is `x`; expected a port number from 0 to 65535',
      ':1:1 `prot` is not known here; did you mean `port`?',
      ':2:12 `rateLimit` is `often`; expected so many requests in so long, such as 600/60s',
      ':3:11 `staleFor` is `soon`; expected how long, such as 60s or 5m',
      ':5:37 `decisionLog.keepDays`: `0` is too small: the least is 1',
      ':5:54 `decisionLog.sampleAllows` is `200%`; expected a share of the allows such as 10%',
      'bearers need an issuer, an audience and a JWKS address: set PERKBOOK_JWT_AUDIENCE (`jwt.audience`) and PERKBOOK_JWT_JWKS_URL (`jwt.jwksUrl`), too',
    ]);
  });

  it('does not count a part of `jwt` that is wrong as one that is missing', () => {
    const wrong = wrongWith('jwt: {issuer: x, audience: y, jwksUrl: nowhere}');
    expect(wrong).to.have.lengthOf(1);
    expect(wrong[0]).to.include('`jwt.jwksUrl` is');
  });

  it('names of a list only what is wrong in it', () => {
    const [line] = wrongWith('decisionLog: {mask: [input.promt, prompt, context.ip, user]}');
    expect(line).to.match(/ `decisionLog\.mask` has `prompt` and `user`; expected paths such as /);
    expect(() => configFrom({ PERKBOOK_DECISION_LOG_MASK: 'input.promt,prompt' })).to.throw(
      /^PERKBOOK_DECISION_LOG_MASK has `prompt`; expected/,
    );
    expect(() => configFrom({ PERKBOOK_CORS: 'https://a.example,b' })).to.throw(/^PERKBOOK_CORS has `b`; expected/);
    // A password may have a comma in it.
    expect(() => configFrom({ PERKBOOK_CORS: 'https://u:sek,ret@h,b' })).to.throw(
      /^PERKBOOK_CORS is `https:\/\/\*\*\*@h,b`; expected/,
    );
  });

  it('may be a file that is not there: `perkbook config` says so, and who does not need it does not mind', async () => {
    const nope = join(folder, 'nope.yaml');
    for (const [env, place] of [
      [{ PERKBOOK_MAPPING: nope }, 'PERKBOOK_MAPPING'],
      [{ PERKBOOK_CONFIG: file }, `${file}:1:10 \`mapping\``],
    ] as const) {
      writeFileSync(file, 'mapping: nope.yaml');
      const { code, err } = await perkbookHere(['config'], { env });
      expect(code).to.equal(2);
      expect(err).to.include(`perkbook: ${place} is \`${nope}\`, and there is no such file`);
      expect((await perkbookHere(['validate'], { env })).err).to.not.include('nope.yaml');
    }
    const both = await perkbookHere(['config'], { env: { PERKBOOK_MAPPING: nope, PORT: 'x' } });
    expect(both.err).to.include('2 settings are not right');
    writeFileSync(nope, '');
    expect((await perkbookHere(['config'], { env: { PERKBOOK_MAPPING: nope } })).code).to.equal(0);
  });

  it('names the setting whatever is wrong with it', () => {
    for (const [yaml, key] of [
      ['decisionLog: {keepDays: 0}', 'decisionLog.keepDays'],
      ['decisionLog: {keepDays: 1.5}', 'decisionLog.keepDays'],
      ['port: [1]', 'port'],
      ['port: {a: 1}', 'port'],
      ['metrics: 7', 'metrics'],
      ['rateLimit: {requests: 1}', 'rateLimit'],
      ['decisionLog: file', 'decisionLog'],
      ['decisionLog: {mask: [1, 1]}', 'decisionLog.mask'],
    ] as const) {
      const [line = ''] = wrongWith(yaml);
      expect(line, yaml).to.match(new RegExp(`^:1:\\d+ \`${key}\`: `));
    }
  });

  it('is a line each on the command line, in `perkbook config` too', async () => {
    const env = { PORT: 'x', PERKBOOK_ZZZ: '1', PERKBOOK_JWT_ISSUER: 'x' };
    for (const words of [['config'], ['validate']]) {
      const { code, err } = await perkbookHere(words, { env });
      expect(code).to.equal(2);
      expect(err).to.match(
        /^perkbook: 3 settings are not right:\n {2}PERKBOOK_ZZZ is no .*\n {2}PORT is .*\n {2}bearers need .*\nsee /,
      );
    }
  });

  it('may be the name of the file', () => {
    const here = join(folder, 'here');
    mkdirSync(here);
    writeFileSync(join(here, 'perkbook.yml'), 'port: 9191');
    const before = process.cwd();
    process.chdir(here);
    try {
      expect(() => configFrom({})).to.throw('`perkbook.yml` is not read; did you mean `perkbook.yaml`?');
      expect(configFrom({ PERKBOOK_CONFIG: 'perkbook.yml' }).port).to.equal(9191);
    } finally {
      process.chdir(before);
    }
  });
});
