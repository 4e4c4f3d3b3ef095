import { existsSync } from 'node:fs';
import { parseInstant } from '../domain/instant.ts';
import { inCode } from '../domain/listed.ts';
import { DECISION_LOG_SINKS, LOG_LEVELS } from './config.ts';
import { addressMask, connectionMask, queryMask } from './masks.ts';
import {
  daysIn,
  durationIn,
  hostIn,
  listIn,
  maskIn,
  mongodbUriIn,
  oneOf,
  onOrOff,
  originIn,
  pathIn,
  portIn,
  rateIn,
  shareIn,
  textIn,
  trustedUrlIn,
  urlIn,
} from './parse-setting.ts';

/** One thing that can be set: by a variable, or by a line of the configuration file. */
export interface Setting<T> {
  /** `decisionLog.keepDays`, as the file has it. */
  readonly key: string;
  readonly variable: string;
  readonly parse: (text: string) => T | undefined;
  /** What `parse` understands, in words. */
  readonly expected: string;
  /** What holds where nobody has set it, written as somebody would; absent: nothing does. */
  readonly usual?: () => string | undefined;
  /** Of a list: what `parse` understands as one of it. */
  readonly item?: (text: string) => unknown;
  /** A path, which in a file is meant from the file's own folder. */
  readonly isPath?: true;
  /** A file that must be there, once it is needed. */
  readonly isFile?: true;
  /** What may be shown of a text, also of one that means nothing, where that is not all; undefined: none of it. */
  readonly mask?: (text: string) => string | undefined;
}

/** Every setting. The server, `perkbook config` and the schema of the file know the same ones. */
export const SETTINGS = {
  port: {
    key: 'port',
    variable: 'PORT',
    parse: portIn,
    expected: 'a port number from 0 to 65535',
    usual: () => '8080',
  },
  host: {
    key: 'host',
    variable: 'HOST',
    parse: hostIn,
    expected: 'a host name or an address such as 127.0.0.1, without a port',
    usual: () => '127.0.0.1',
  },
  publicUrl: {
    key: 'publicUrl',
    variable: 'PERKBOOK_PUBLIC_URL',
    parse: urlIn,
    expected: 'an address without a query, such as https://perks.example',
    mask: addressMask,
  },
  mongodbUri: {
    key: 'mongodbUri',
    variable: 'MONGODB_URI',
    parse: mongodbUriIn,
    expected: 'mongodb://… or mongodb+srv://…',
    mask: connectionMask,
  },
  rules: {
    key: 'rules',
    variable: 'PERKBOOK_RULES',
    parse: pathIn,
    expected: 'a folder with rule files',
    usual: () => 'rules',
    isPath: true,
  },
  data: {
    key: 'data',
    variable: 'PERKBOOK_DATA',
    parse: pathIn,
    expected: 'a folder for the embedded store',
    usual: () => 'data',
    isPath: true,
  },
  fixtures: {
    key: 'fixtures',
    variable: 'PERKBOOK_FIXTURES',
    parse: pathIn,
    expected: 'a folder with scenarios',
    // Promises that lie beside the rules are kept, also when a version is published over HTTP.
    usual: () => (existsSync('fixtures') ? 'fixtures' : undefined),
    isPath: true,
  },
  maxLoss: {
    key: 'maxLoss',
    variable: 'PERKBOOK_MAX_LOSS',
    parse: shareIn,
    expected: 'a share of the members such as 0.5%',
  },
  testClock: {
    key: 'testClock',
    variable: 'PERKBOOK_TEST_CLOCK',
    parse: parseInstant,
    expected: 'an instant with a zone such as 2026-11-22T10:00:00Z',
  },
  samples: {
    key: 'samples',
    variable: 'PERKBOOK_SAMPLES',
    parse: onOrOff,
    expected: '`on` or `off`',
    usual: () => 'on',
  },
  mapping: {
    key: 'mapping',
    variable: 'PERKBOOK_MAPPING',
    parse: pathIn,
    expected: 'a mapping file such as mapping.yaml',
    isPath: true,
    isFile: true,
  },
  staleFor: {
    key: 'staleFor',
    variable: 'STALE_FOR',
    parse: durationIn,
    expected: 'how long, such as 60s or 5m',
    usual: () => '60s',
  },
  cors: {
    key: 'cors',
    variable: 'PERKBOOK_CORS',
    parse: listIn(originIn),
    item: originIn,
    expected: 'origins such as https://app.example, without a path',
    mask: addressMask,
  },
  jwtIssuer: {
    key: 'jwt.issuer',
    variable: 'PERKBOOK_JWT_ISSUER',
    parse: textIn,
    expected: 'the claim `iss` that bearers have',
  },
  jwtAudience: {
    key: 'jwt.audience',
    variable: 'PERKBOOK_JWT_AUDIENCE',
    parse: textIn,
    expected: 'the claim `aud` that bearers have',
  },
  jwtJwksUrl: {
    key: 'jwt.jwksUrl',
    variable: 'PERKBOOK_JWT_JWKS_URL',
    parse: trustedUrlIn,
    expected: 'an https address without a `#`, such as https://issuer.example/jwks.json',
    mask: queryMask,
  },
  rateLimit: {
    key: 'rateLimit',
    variable: 'PERKBOOK_RATE_LIMIT',
    parse: rateIn,
    expected: 'so many requests in so long, such as 600/60s',
  },
  logSink: {
    key: 'decisionLog.sink',
    variable: 'PERKBOOK_DECISION_LOG',
    parse: oneOf(DECISION_LOG_SINKS),
    expected: inCode(DECISION_LOG_SINKS),
    usual: () => 'off',
  },
  logFolder: {
    key: 'decisionLog.folder',
    variable: 'PERKBOOK_DECISION_LOG_FOLDER',
    parse: pathIn,
    expected: 'a folder for the decision log',
    usual: () => 'logs',
    isPath: true,
  },
  logKeepDays: {
    key: 'decisionLog.keepDays',
    variable: 'PERKBOOK_DECISION_LOG_KEEP_DAYS',
    parse: daysIn,
    expected: 'a number of days from 1 to 3650',
    usual: () => '30',
  },
  logSampleAllows: {
    key: 'decisionLog.sampleAllows',
    variable: 'PERKBOOK_DECISION_LOG_SAMPLE_ALLOWS',
    parse: shareIn,
    expected: 'a share of the allows such as 10%',
    usual: () => '100%',
  },
  logMask: {
    key: 'decisionLog.mask',
    variable: 'PERKBOOK_DECISION_LOG_MASK',
    parse: listIn(maskIn),
    item: maskIn,
    expected: 'paths such as input.prompt, context.* or user.attributes.email',
  },
  metrics: {
    key: 'metrics',
    variable: 'PERKBOOK_METRICS',
    parse: onOrOff,
    expected: '`on` or `off`',
    usual: () => 'on',
  },
  logLevel: {
    key: 'logLevel',
    variable: 'PERKBOOK_LOG_LEVEL',
    parse: oneOf(LOG_LEVELS),
    expected: inCode(LOG_LEVELS),
    usual: () => 'info',
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** Variables with our prefix that no server reads: where the file is, what the command line sends, what scripts and tests need. */
export const OTHER_VARIABLES = [
  'PERKBOOK_CONFIG',
  'PERKBOOK_API_KEY',
  'PERKBOOK_CACHE',
  'PERKBOOK_REQUIRE_MONGO',
  'PERKBOOK_REQUIRE_NGINX',
  'PERKBOOK_REQUIRE_BROWSER',
] as const;
