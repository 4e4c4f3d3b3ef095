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

  it('is said all at once: also the values of lines beside one of a wrong shape', () => {
    const wrong = wrongWith(
      'prot: 1\nrateLimit: often\nstaleFor: soon\njwt: {issuer: x}\ndecisionLog: {sink: file, keepDays: 0, sampleAllows: 200%}\n',
      { PORT: 'x' },
    );
    expect([...wrong].sort()).to.deep.equal([
      ':1:1 `prot` is not known here; did you mean `port`?',
      ':2:12 `rateLimit` is `often`; expected so many requests in so long, such as 600/60s',
      ':3:11 `staleFor` is `soon`; expected how long, such as 60s or 5m',
      ':5:37 `decisionLog.keepDays`: `0` is too small: the least is 1',
      ':5:54 `decisionLog.sampleAllows` is `200%`; expected a share of the allows such as 10%',
      'PORT is `x`; expected a port number from 0 to 65535',
      'bearers need an issuer, an audience and a JWKS address: set PERKBOOK_JWT_AUDIENCE (`jwt.audience`) and PERKBOOK_JWT_JWKS_URL (`jwt.jwksUrl`), too',
    ]);
  });

  it('does not count a part of `jwt` that is wrong as one that is missing', () => {
    const wrong = wrongWith('jwt: {issuer: x, audience: y, jwksUrl: nowhere}');
    expect(wrong).to.have.lengthOf(1);
    expect(wrong[0]).to.include('`jwt.jwksUrl` is');
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
