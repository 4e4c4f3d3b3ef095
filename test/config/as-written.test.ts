import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSchema } from '../../src/api/schema.ts';
import { ConfigError } from '../../src/config/config.ts';
import { configFrom } from '../../src/config/config-from.ts';
import { effectiveSettings } from '../../src/config/effective.ts';
import { temporaryFolder } from '../cli/run.ts';

describe('addresses of an issuer', () => {
  const shown = (url: string) => {
    const variables = { PERKBOOK_JWT_ISSUER: 'x', PERKBOOK_JWT_AUDIENCE: 'x', PERKBOOK_JWT_JWKS_URL: url };
    return effectiveSettings(variables).find(({ key }) => key === 'jwt.jwksUrl')?.value;
  };

  it('are left as they are written', () => {
    for (const [issuer, jwksUrl] of [
      ['https://id.example/', 'https://id.example/keys/'],
      ['https://id.example', 'https://id.example/keys//'],
      ['https://id.example//', 'https://id.example/keys?tenant=a/b&p=c'],
      ['perkbook', 'http://127.0.0.1:81/?x'],
      ['HTTPS://ID.example/', 'http://localhost?x'],
    ] as const) {
      const { jwt } = configFrom({
        PERKBOOK_JWT_ISSUER: issuer,
        PERKBOOK_JWT_AUDIENCE: 'perkbook',
        PERKBOOK_JWT_JWKS_URL: jwksUrl,
      });
      expect(jwt).to.deep.equal({ issuer, audience: 'perkbook', jwksUrl });
    }
  });

  it('are shown without what is asked there', () => {
    expect(shown('https://id.example/keys/?token=secret')).to.equal('https://id.example/keys/?***');
    expect(shown('https://id.example/keys/')).to.equal('https://id.example/keys/');
  });
});

describe('what is empty in the file', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'perkbook.yaml');
  const from = (yaml: string) => {
    writeFileSync(file, yaml);
    return configFrom({ PERKBOOK_CONFIG: file });
  };

  it('may be a list, which is one all the same', () => {
    const config = from('cors: []\ndecisionLog: {mask: []}');
    expect(config.cors).to.deep.equal([]);
    expect(config.decisionLog.mask).to.deep.equal([]);
    expect(() => from('cors: [""]')).to.throw(ConfigError, `${file}:1:8 `);
  });

  it('is no path: it does not mean the folder of the file', () => {
    for (const key of ['rules', 'data', 'fixtures', 'mapping', 'decisionLog.folder']) {
      const [outer = '', inner] = key.split('.');
      for (const value of ['""', '" "']) {
        const yaml = inner === undefined ? `${outer}: ${value}` : `${outer}: {${inner}: ${value}}`;
        expect(() => from(yaml), yaml).to.throw(ConfigError, new RegExp(`:1:\\d+ \`${key}\``));
      }
    }
    const schema = readSchema('config') as { readonly properties: Readonly<Record<string, object>> };
    for (const key of ['rules', 'data', 'fixtures', 'mapping'])
      expect(schema.properties[key], 'editors say so, too').to.include({ minLength: 1 });
  });
});
