import { expect } from 'chai';
import { ConfigError, configFrom } from '../../src/config.ts';

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
  ] as const) {
    it(`names ${name}, \`${value}\` and what is expected`, () => {
      expect(() => configFrom({ [name]: value }))
        .to.throw(ConfigError, `${name} is \`${value}\``)
        .with.property('message')
        .that.contains(expected);
    });
  }

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

  it('says what is wrong all at once, also names that are no settings', () => {
    const wrong = () => configFrom({ PORT: 'x', PERKBOOK_RULE: 'r', PERKBOOK_PORT: '1', PERKBOOK_ZZZ: '1' });
    expect(wrong).to.throw(ConfigError, /PORT is `x`/);
    expect(wrong).to.throw(/PERKBOOK_RULE is no setting of Perkbook; did you mean PERKBOOK_RULES\?/);
    expect(wrong).to.throw(/PERKBOOK_PORT is no setting of Perkbook; did you mean PORT\?/);
    expect(wrong).to.throw(/PERKBOOK_ZZZ is no setting of Perkbook$/m);
  });
});
