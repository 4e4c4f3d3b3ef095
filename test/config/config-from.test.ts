import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { readSchema } from '../../src/api/schema.ts';
import { ConfigError } from '../../src/config/config.ts';
import { configFrom } from '../../src/config/config-from.ts';
import { effectiveSettings } from '../../src/config/effective.ts';
import { SETTINGS } from '../../src/config/settings.ts';
import { perkbookHere, ROOT, temporaryFolder } from '../cli/run.ts';

describe('the configuration', () => {
  it('has defaults, also for empty variables', () => {
    const defaults = {
      port: 8080,
      host: '127.0.0.1',
      mongodbUri: undefined,
      rules: 'rules',
      data: 'data',
      // The tests run beside them.
      fixtures: 'fixtures',
      maxLoss: undefined,
      testClock: undefined,
      samples: true,
      publicUrl: undefined,
      mapping: undefined,
      staleForMs: 60_000,
      cors: [],
      jwt: undefined,
      rateLimit: undefined,
      decisionLog: { sink: 'off', folder: 'logs', keepDays: 30, sampleAllows: 1, mask: [] },
      metrics: true,
      logLevel: 'info',
    };
    expect(configFrom({})).to.deep.equal(defaults);
    expect(configFrom({ PORT: '', HOST: '', PERKBOOK_SAMPLES: '' })).to.deep.equal(defaults);
    expect(configFrom({})).to.be.frozen;
  });

  it('reads what is set', () => {
    const config = configFrom({
      PORT: '0',
      HOST: '::1',
      MONGODB_URI: 'mongodb://a:b@host/db',
      PERKBOOK_RULES: '/etc/rules',
      PERKBOOK_DATA: 'd',
      PERKBOOK_FIXTURES: 'f',
      PERKBOOK_MAX_LOSS: '0.5%',
      PERKBOOK_TEST_CLOCK: '2026-11-22T12:00:00+02:00',
      PERKBOOK_SAMPLES: 'off',
      PERKBOOK_CACHE: 'read by a script',
      PERKBOOK_PUBLIC_URL: 'https://perks.example/api/',
      PERKBOOK_MAPPING: 'mapping.yaml',
      STALE_FOR: '5m',
      PERKBOOK_CORS: 'https://app.example, http://localhost:3000',
      PERKBOOK_JWT_ISSUER: 'https://id.example/',
      PERKBOOK_JWT_AUDIENCE: 'perkbook',
      PERKBOOK_JWT_JWKS_URL: 'https://id.example/jwks.json',
      PERKBOOK_RATE_LIMIT: '600/1m',
      PERKBOOK_DECISION_LOG: 'file',
      PERKBOOK_DECISION_LOG_FOLDER: '/var/log/perkbook',
      PERKBOOK_DECISION_LOG_KEEP_DAYS: '90',
      PERKBOOK_DECISION_LOG_SAMPLE_ALLOWS: '10%',
      PERKBOOK_DECISION_LOG_MASK: 'input.prompt,context.ip',
      PERKBOOK_METRICS: 'off',
      PERKBOOK_LOG_LEVEL: 'warn',
    });
    expect(config).to.deep.equal({
      port: 0,
      host: '::1',
      mongodbUri: 'mongodb://a:b@host/db',
      rules: '/etc/rules',
      data: 'd',
      fixtures: 'f',
      maxLoss: 0.005,
      testClock: Date.UTC(2026, 10, 22, 10),
      samples: false,
      publicUrl: 'https://perks.example/api',
      mapping: 'mapping.yaml',
      staleForMs: 300_000,
      cors: ['https://app.example', 'http://localhost:3000'],
      jwt: { issuer: 'https://id.example/', audience: 'perkbook', jwksUrl: 'https://id.example/jwks.json' },
      rateLimit: { requests: 600, perSeconds: 60 },
      decisionLog: {
        sink: 'file',
        folder: '/var/log/perkbook',
        keepDays: 90,
        sampleAllows: 0.1,
        mask: ['input.prompt', 'context.ip'],
      },
      metrics: false,
      logLevel: 'warn',
    });
  });

  for (const [name, value, expected] of [
    ['PORT', '70000', 'from 0 to 65535'],
    ['PORT', '80a', 'from 0 to 65535'],
    ['HOST', 'localhost:80', 'without a port'],
    ['PERKBOOK_TEST_CLOCK', '2026-11-22T12:00:00', 'with a zone'],
    ['PERKBOOK_TEST_CLOCK', '2026-02-30T12:00:00Z', 'with a zone'],
    ['PERKBOOK_MAX_LOSS', '150%', 'a share'],
    ['PERKBOOK_SAMPLES', 'no', '`on` or `off`'],
    ['PERKBOOK_PUBLIC_URL', 'perks.example', 'https://perks.example'],
    ['PERKBOOK_PUBLIC_URL', 'https://perks.example/?a=b', 'https://perks.example'],
    ['STALE_FOR', 'a minute', '60s'],
    ['PERKBOOK_CORS', '*', 'https://app.example'],
    ['PERKBOOK_CORS', 'https://app.example/', 'without a path'],
    ['PERKBOOK_JWT_JWKS_URL', 'http://id.example/jwks.json', 'https'],
    ['PERKBOOK_JWT_JWKS_URL', 'http://127.0.0.1.id.example/jwks.json', 'https'],
    ['PERKBOOK_JWT_JWKS_URL', 'https://id.example/jwks.json#first', 'without a `#`'],
    ['PERKBOOK_RATE_LIMIT', '600', '600/60s'],
    ['PERKBOOK_RATE_LIMIT', '600/0s', '600/60s'],
    ['PERKBOOK_DECISION_LOG', 'files', '`file`'],
    ['PERKBOOK_DECISION_LOG_KEEP_DAYS', '0', 'from 1 to 3650'],
    ['PERKBOOK_DECISION_LOG_MASK', 'prompt', 'input.prompt'],
    ['PERKBOOK_DECISION_LOG_MASK', 'attributes.email', 'user.attributes.email'],
    ['PERKBOOK_DECISION_LOG_MASK', 'resource.owner', 'input.prompt'],
    ['PERKBOOK_LOG_LEVEL', 'verbose', '`debug`'],
  ] as const) {
    it(`names ${name}, \`${value}\` and what is expected`, () => {
      expect(() => configFrom({ [name]: value }))
        .to.throw(ConfigError, `${name} is \`${value}\``)
        .with.property('message')
        .that.contains(expected);
    });
  }

  it('takes every mask that the decision log has', () => {
    const masks = ['input.*', 'context.x-ip', 'context.*', 'resource.id', 'resource.properties.owner'];
    masks.push('subject.properties.ip', 'user.attributes.email');
    const { decisionLog } = configFrom({ PERKBOOK_DECISION_LOG_MASK: masks.join(', ') });
    expect(decisionLog.mask).to.deep.equal(masks);
  });

  it('never repeats a connection string', () => {
    expect(() => configFrom({ MONGODB_URI: 'mongo://user:secret@host' }))
      .to.throw(ConfigError, 'mongodb://')
      .and.not.match(/secret/);
    try {
      configFrom({ MONGODB_URI: 'mongo://user:secret@host' });
    } catch (error) {
      expect(String(error)).not.to.contain('secret');
    }
  });

  it('never repeats who connects, in any address', () => {
    for (const [name, value] of [
      ['PERKBOOK_PUBLIC_URL', 'https://ann:se/cret@perks.example'],
      ['PERKBOOK_JWT_JWKS_URL', 'https://ann:secret@id.example/jwks.json'],
      ['PERKBOOK_CORS', 'https://app.example,https://ann:secret@app.example'],
    ] as const) {
      const failing = () => configFrom({ [name]: value });
      expect(failing, name).to.throw(ConfigError, `${name} is \`https://***@`);
      expect(failing, name).to.throw(/^((?!cret).)*$/s);
    }
  });

  it('leaves alone what Kubernetes sets in a pod beside a Service of this name', () => {
    const links = {
      PERKBOOK_SERVICE_HOST: '10.0.171.239',
      PERKBOOK_SERVICE_PORT: '8080',
      PERKBOOK_SERVICE_PORT_HTTP: '8080',
      PERKBOOK_PORT: 'tcp://10.0.171.239:8080',
      PERKBOOK_PORT_8080_TCP: 'tcp://10.0.171.239:8080',
      PERKBOOK_PORT_8080_TCP_PROTO: 'tcp',
      PERKBOOK_PORT_8080_TCP_PORT: '8080',
      PERKBOOK_PORT_8080_TCP_ADDR: '10.0.171.239',
      PERKBOOK_PORT_53_UDP: 'udp://10.0.171.239:53',
      PERKBOOK_EVALUATORS_SERVICE_HOST: '10.0.171.240',
      PERKBOOK_EVALUATORS_PORT: 'tcp://10.0.171.240:8080',
      PERKBOOK_EVALUATORS_PORT_8080_TCP_ADDR: '10.0.171.240',
    };
    expect(configFrom(links)).to.deep.equal(configFrom({}));
    expect(configFrom({ PERKBOOK_PORT: 'udp://10.0.0.1:53' }).port).to.equal(8080);
    for (const [name, value] of [
      ['PERKBOOK_PORT', '9090'],
      ['PERKBOOK_PORT', 'x tcp://10.0.0.1:80'],
      ['PERKBOOK_PORT_HTTP', '8080'],
      ['PERKBOOK_SERVICE', 'x'],
      ['PERKBOOK_SERVICE_HOSTS', '10.0.0.1'],
      ['PERKBOOK_PORT_8080', '8080'],
      ['PERKBOOK_PORT_8080_TCP_ZZZ', '1'],
    ] as const)
      expect(() => configFrom({ [name]: value }), name).to.throw(ConfigError, `${name} is no setting of Perkbook`);
  });

  it('says what is wrong all at once, also names that are no settings', () => {
    const wrong = () => configFrom({ PORT: 'x', PERKBOOK_RULE: 'r', PERKBOOK_PORT: '1', PERKBOOK_ZZZ: '1' });
    expect(wrong).to.throw(ConfigError, /PORT is `x`/);
    expect(wrong).to.throw(/PERKBOOK_RULE is no setting of Perkbook; did you mean PERKBOOK_RULES\?/);
    expect(wrong).to.throw(/PERKBOOK_PORT is no setting of Perkbook; did you mean PORT\?/);
    expect(wrong).to.throw(/PERKBOOK_ZZZ is no setting of Perkbook$/m);
  });

  it('wants all that a bearer is checked by, or nothing', () => {
    expect(() => configFrom({ PERKBOOK_JWT_ISSUER: 'https://id.example/' })).to.throw(
      ConfigError,
      /set PERKBOOK_JWT_AUDIENCE \(`jwt\.audience`\) and PERKBOOK_JWT_JWKS_URL/,
    );
  });
});

describe('the configuration file', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'perkbook.yaml');
  const from = (yaml: string, environment: Readonly<Record<string, string>> = {}) => {
    writeFileSync(file, yaml);
    return configFrom({ ...environment, PERKBOOK_CONFIG: file });
  };

  it('sets everything that a variable can', () => {
    const config = from(`
port: 9090
host: 0.0.0.0
publicUrl: https://perks.example
mongodbUri: mongodb://db.example/perkbook
maxLoss: 0.5%
samples: off
staleFor: 90
cors: [https://app.example, https://shop.example]
jwt: {issuer: https://id.example/, audience: perkbook, jwksUrl: https://id.example/jwks.json}
rateLimit: 100/s
decisionLog: {sink: file, keepDays: 7, sampleAllows: 0.25, mask: [input.prompt]}
metrics: false
logLevel: debug
`);
    expect(config).to.deep.include({
      port: 9090,
      host: '0.0.0.0',
      publicUrl: 'https://perks.example',
      mongodbUri: 'mongodb://db.example/perkbook',
      maxLoss: 0.005,
      samples: false,
      staleForMs: 90_000,
      cors: ['https://app.example', 'https://shop.example'],
      jwt: { issuer: 'https://id.example/', audience: 'perkbook', jwksUrl: 'https://id.example/jwks.json' },
      rateLimit: { requests: 100, perSeconds: 1 },
      metrics: false,
      logLevel: 'debug',
    });
    expect(config.decisionLog).to.deep.include({
      sink: 'file',
      keepDays: 7,
      sampleAllows: 0.25,
      mask: ['input.prompt'],
    });
  });

  it('means paths from its own folder', () => {
    expect(from('rules: perks\ndecisionLog: {folder: log}')).to.deep.include({ rules: join(folder, 'perks') });
    expect(from('{rules: /etc/rules}').rules, 'absolute ones stay').to.equal('/etc/rules');
    expect(from('{}').rules, 'defaults are from where the server is started').to.equal('rules');
  });

  it('gives way to variables, and may be empty', () => {
    expect(from('port: 9090', { PORT: '7070' }).port).to.equal(7070);
    expect(from('# nothing yet\n').port).to.equal(8080);
  });

  it('is found where the server is started', () => {
    const here = join(folder, 'here');
    mkdirSync(here);
    writeFileSync(join(here, 'perkbook.yaml'), 'port: 9191');
    const before = process.cwd();
    process.chdir(here);
    try {
      expect(configFrom({}).port).to.equal(9191);
    } finally {
      process.chdir(before);
    }
  });

  for (const [yaml, expected] of [
    ['prot: 1', ':1:1 `prot` is not known here; did you mean `port`?'],
    ['decisionLog:\n  sinc: file', ':2:3 `sinc` is not known here; did you mean `sink`?'],
    ['port: 80a', ':1:7 '],
    ['port: 70000', ':1:7 '],
    ['publicUrl: perks.example', ':1:12 `publicUrl` is `perks.example`; expected an address'],
    ['cors: https://app.example', ':1:7 '],
    ['logLevel: loud', ':1:11 '],
    ['port: [', ':1:8 '],
  ] as const) {
    it(`says where it is wrong: ${yaml.replaceAll('\n', ' ')}`, () => {
      expect(() => from(yaml)).to.throw(ConfigError, file + expected);
    });
  }

  it('never repeats what may hold a password', () => {
    const failing = () => from('mongodbUri: mongo://user:secret@host');
    expect(failing).to.throw(ConfigError, `${file}:1:13 \`mongodbUri\` is not understood`);
    expect(failing).to.throw(/^((?!secret).)*$/s);
  });

  for (const yaml of [
    'mongodbUri: [mongodb://app:sekret@h/db]',
    'mongodbUri: {uri: mongodb://app:sekret@h/db}',
    'mongodbUri: {mongodb://app:sekret@h/db: }',
    'publicUrl: [https://u:sekret@h]',
    'publicUrl: https://u:sekret@h',
    'cors: https://u:sekret@h',
    'cors: [https://u:sekret@h]',
    'jwt: {jwksUrl: {u: https://u:sekret@h}}',
    'jwt: https://u:sekret@h',
    'jwt: [https://u:sekret@h]',
    'mongodb://u:sekret@h',
    '- mongodb://u:sekret@h',
    'port: mongodb://u:sekret@h',
    'mongodb://u:sekret@h: 1',
  ]) {
    it(`never repeats a password that is in the wrong place: ${yaml}`, () => {
      expect(() => from(yaml)).to.throw(ConfigError, /^.+:1:\d+ /);
      expect(() => from(yaml)).to.throw(/^((?!sekret).)*$/s);
    });
  }

  it('says that it cannot be read', () => {
    expect(() => configFrom({ PERKBOOK_CONFIG: join(folder, 'none.yaml') })).to.throw(
      ConfigError,
      /cannot be read: ENOENT/,
    );
  });

  it('knows in its schema exactly the settings that there are', () => {
    interface Node {
      readonly properties?: Readonly<Record<string, Node>>;
    }
    const keysOf = ({ properties = {} }: Node, prefix = ''): readonly string[] =>
      Object.entries(properties).flatMap(([name, node]) =>
        node.properties === undefined ? [prefix + name] : keysOf(node, `${prefix}${name}.`),
      );
    const inSchema = keysOf(readSchema('config') as Node);
    expect([...inSchema].sort()).to.deep.equal(
      Object.values(SETTINGS)
        .map(({ key }) => key)
        .sort(),
    );
  });
});

describe('docs/configuration.md', () => {
  const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');

  it('names every setting with its variable, and no other', () => {
    const rows = [...page.matchAll(/^\| (`.+?) \| (`.+?) \|/gm)].flatMap(([, keys = '', variables = '']) => {
      const named = variables.split(', ');
      return keys.split(', ').map((key, i) => `${key} ${named[i]}`.replaceAll('`', ''));
    });
    expect(rows.sort()).to.deep.equal(
      Object.values(SETTINGS)
        .map(({ key, variable }) => `${key} ${variable}`)
        .sort(),
    );
  });

  it('has an example that is right', () => {
    const file = join(temporary, 'perkbook.yaml');
    writeFileSync(file, /^```yaml\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '');
    const config = configFrom({ PERKBOOK_CONFIG: file });
    expect(config).to.deep.include({ host: '0.0.0.0', rateLimit: { requests: 600, perSeconds: 60 } });
  });

  const temporary = temporaryFolder();
});

describe('the effective configuration', () => {
  const folder = temporaryFolder();

  it('says of each setting what holds and where from, without passwords', () => {
    const file = join(folder, 'perkbook.yaml');
    writeFileSync(file, 'host: 0.0.0.0\nmongodbUri: mongodb://ann:secret@db.example/perkbook?tls=true&x=secret\n');
    const settings = effectiveSettings({ PERKBOOK_CONFIG: relative('.', file), PORT: '1234' });
    const named = (key: string) => settings.find((each) => each.key === key);
    expect(named('port')).to.deep.equal({ key: 'port', variable: 'PORT', value: '1234', from: 'PORT' });
    expect(named('host')).to.include({ value: '0.0.0.0', from: `${relative('.', file)}:1:7` });
    expect(named('staleFor')).to.include({ variable: 'STALE_FOR', value: '60s', from: 'default' });
    expect(named('cors')).to.include({ value: null, from: 'default' });
    expect(named('mongodbUri')).to.include({ value: 'mongodb://***@db.example/perkbook?***' });
    expect(JSON.stringify(settings)).not.to.contain('secret');
  });

  it('takes everything before the last `@` for who connects', () => {
    for (const [uri, shown] of [
      ['mongodb://app:pa/ssw0rd@host/db', 'mongodb://***@host/db'],
      ['mongodb://app:p@ss?w0rd@host/db?tls=true', 'mongodb://***@host/db?***'],
      ['mongodb://host/db', 'mongodb://host/db'],
    ]) {
      const found = effectiveSettings({ MONGODB_URI: uri }).find(({ key }) => key === 'mongodbUri');
      expect(found?.value).to.equal(shown);
    }
  });

  it('is printed by `perkbook config`, which refuses what is wrong', async () => {
    const printed = await perkbookHere(['config'], { env: { PORT: '1234' } });
    expect(printed).to.include({ code: 0, err: '' });
    expect(printed.out).to.match(/^SETTING +VALUE +FROM +VARIABLE\nport +1234 +PORT +PORT\n/);
    const file = join(folder, 'empty.yaml');
    writeFileSync(file, 'cors: []');
    const empty = await perkbookHere(['config'], { env: { PERKBOOK_CONFIG: file } });
    expect(empty.out).to.match(/^cors +- +\S+empty\.yaml:1:7 +PERKBOOK_CORS$/m);
    const refused = await perkbookHere(['config'], { env: { PERKBOOK_RATE_LIMITS: '1/s' } });
    expect(refused).to.include({ code: 2, out: '' });
    expect(refused.err).to.contain('did you mean PERKBOOK_RATE_LIMIT?');
  });
});
