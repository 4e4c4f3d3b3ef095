import type { Instant } from '../domain/instant.ts';

/** How a server is started. Frozen: nothing reads the environment or the file later. */
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

/** Everything that is wrong with the configuration, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
