import { existsSync } from 'node:fs';
import { didYouMean } from './domain/did-you-mean.ts';
import { type Instant, parseInstant } from './domain/instant.ts';

/** How a server is started. Frozen: nothing reads the environment later. */
export interface Config {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Where callers reach the server, as they write it, without a `/` at the end; absent: the address it listens on. */
  readonly publicUrl: string | undefined;
  /** Absent: the embedded store in `data`. */
  readonly mongodbUri: string | undefined;
  /** The folder of the rule files. */
  readonly rules: string;
  /** The folder of the embedded store. */
  readonly data: string;
  /** Scenarios that a version must pass before it is published; absent: only those that came with versions. */
  readonly fixtures: string | undefined;
  /** The share of members, 0 to 1, that may lose by a version; absent: any. */
  readonly maxLoss: number | undefined;
  /** Where a clock that can be set begins; absent: the real time. */
  readonly testClock: Instant | undefined;
  /** Whether `npm start` may put sample members into an empty embedded store. */
  readonly samples: boolean;
  /** A mapping file, by which members are read from a collection of another shape; absent: Perkbook's own. */
  readonly mapping: string | undefined;
  /** How long facts that were read are still used, marked as degraded, while the store is down. */
  readonly staleForMs: number;
  /** The origins whose pages may call, such as `https://app.example`; usually none. */
  readonly cors: readonly string[];
  /** Whose bearers are believed; absent: only API keys are. */
  readonly jwt: JwtConfig | undefined;
  /** How much one key may ask; absent: as much as it likes. */
  readonly rateLimit: RateLimit | undefined;
  readonly decisionLog: DecisionLogConfig;
  /** Whether `/metrics` is there. */
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
}

export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are. */
  readonly jwksUrl: string;
}

export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

export const DECISION_LOG_SINKS = ['off', 'file', 'stdout', 'mongodb'] as const;

export interface DecisionLogConfig {
  readonly sink: (typeof DECISION_LOG_SINKS)[number];
  /** The folder of the sink `file`. */
  readonly folder: string;
  /** For how long entries are kept. */
  readonly keepDays: number;
  /** The share of allows, 0 to 1, that is logged; denials always are. */
  readonly sampleAllows: number;
  /** What of a question is not written down, such as `input.prompt` or `context.ip`. */
  readonly mask: readonly string[];
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that is wrong with the environment, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'PERKBOOK_';
const PLAIN = ['PORT', 'HOST', 'MONGODB_URI'];
const OWN = [
  'PERKBOOK_RULES',
  'PERKBOOK_DATA',
  'PERKBOOK_TEST_CLOCK',
  'PERKBOOK_SAMPLES',
  'PERKBOOK_FIXTURES',
  'PERKBOOK_MAX_LOSS',
];
/** Read by the project's own scripts and tests. */
const READ_ELSEWHERE = ['PERKBOOK_CACHE', 'PERKBOOK_REQUIRE_MONGO'];

/** The configuration that the environment describes. An empty variable counts as absent. Throws `ConfigError` with all that is wrong. */
export function configFrom(environment: Environment): Config {
  const wrong: string[] = [];
  const read = <T>(name: string, absent: T, parse: (text: string) => T | undefined, expected: string): T => {
    const text = environment[name];
    if (text === undefined || text === '') return absent;
    const value = parse(text);
    if (value !== undefined) return value;
    // What is in a connection string stays out of logs: it may hold a password.
    wrong.push(`${name} is ${name === 'MONGODB_URI' ? 'not understood' : `\`${text}\``}; expected ${expected}`);
    return absent;
  };

  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !OWN.includes(name) && !READ_ELSEWHERE.includes(name)) wrong.push(unknown(name));
  }
  const config: Config = {
    port: read('PORT', 8080, portIn, 'a port number from 0 to 65535'),
    host: read('HOST', '127.0.0.1', hostIn, 'a host name or an address such as 127.0.0.1, without a port'),
    mongodbUri: read<string | undefined>('MONGODB_URI', undefined, mongodbUriIn, 'mongodb://… or mongodb+srv://…'),
    rules: read('PERKBOOK_RULES', 'rules', folderIn, 'a folder with rule files'),
    data: read('PERKBOOK_DATA', 'data', folderIn, 'a folder for the embedded store'),
    fixtures: read<string | undefined>('PERKBOOK_FIXTURES', scenariosHere(), folderIn, 'a folder with scenarios'),
    maxLoss: read<number | undefined>('PERKBOOK_MAX_LOSS', undefined, shareIn, 'a share of the members such as 0.5%'),
    testClock: read<Instant | undefined>(
      'PERKBOOK_TEST_CLOCK',
      undefined,
      parseInstant,
      'an instant with a zone such as 2026-11-22T10:00:00Z',
    ),
    samples: read('PERKBOOK_SAMPLES', true, onOrOff, '`on` or `off`'),
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
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return Object.freeze(config);
}

function unknown(name: string): string {
  const short = name.slice(PREFIX.length);
  // Compared without the prefix, which would make everything look alike.
  const known = [...OWN, ...READ_ELSEWHERE].map((each) => each.slice(PREFIX.length));
  const near = didYouMean(short, known);
  const meant = PLAIN.includes(short) ? short : near === undefined ? undefined : PREFIX + near;
  return `${name} is no setting of Perkbook${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

function portIn(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

function hostIn(text: string): string | undefined {
  const isIpv6 = /^[\da-fA-F:.]+(%\w+)?$/.test(text) && text.split(':').length > 2;
  return isIpv6 || /^[A-Za-z\d]([A-Za-z\d._-]*[A-Za-z\d])?$/.test(text) ? text : undefined;
}

function mongodbUriIn(text: string): string | undefined {
  return /^mongodb(\+srv)?:\/\/[^\s/]/.test(text) ? text : undefined;
}

function folderIn(text: string): string | undefined {
  return text.trim() === '' || text.includes('\0') ? undefined : text;
}

/** `0.5%` or `0.005`. */
function shareIn(text: string): number | undefined {
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,9})?)(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}

function onOrOff(text: string): boolean | undefined {
  return text === 'on' ? true : text === 'off' ? false : undefined;
}

/** Where promises lie beside the rules they are kept, also when a version is published over HTTP. */
function scenariosHere(): string | undefined {
  return existsSync('fixtures') ? 'fixtures' : undefined;
}
