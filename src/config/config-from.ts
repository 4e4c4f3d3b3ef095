import type { Config, JwtConfig } from './config.ts';
import { type Environment, type Held, readSettings } from './read-settings.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** The configuration that the environment and the file describe. Throws `ConfigError` with all that is wrong. */
export function configFrom(environment: Environment): Config {
  return configOf(readSettings(environment));
}

function configOf(held: ReadonlyMap<Setting<unknown>, Held>): Config {
  const find = <T>(setting: Setting<T>) => held.get(setting)?.value as T | undefined;
  /** What always holds: a setting that has a usual value. */
  const get = <T>(setting: Setting<T> & { readonly usual: () => string }) => find(setting) as T;
  return Object.freeze({
    port: get(SETTINGS.port),
    host: get(SETTINGS.host),
    publicUrl: find(SETTINGS.publicUrl),
    mongodbUri: find(SETTINGS.mongodbUri),
    rules: get(SETTINGS.rules),
    data: get(SETTINGS.data),
    fixtures: find(SETTINGS.fixtures),
    maxLoss: find(SETTINGS.maxLoss),
    testClock: find(SETTINGS.testClock),
    samples: get(SETTINGS.samples),
    mapping: find(SETTINGS.mapping),
    staleForMs: get(SETTINGS.staleFor),
    cors: find(SETTINGS.cors) ?? [],
    jwt: jwtOf(find(SETTINGS.jwtIssuer), find(SETTINGS.jwtAudience), find(SETTINGS.jwtJwksUrl)),
    rateLimit: find(SETTINGS.rateLimit),
    decisionLog: {
      sink: get(SETTINGS.logSink),
      folder: get(SETTINGS.logFolder),
      keepDays: get(SETTINGS.logKeepDays),
      sampleAllows: get(SETTINGS.logSampleAllows),
      mask: find(SETTINGS.logMask) ?? [],
    },
    metrics: get(SETTINGS.metrics),
    logLevel: get(SETTINGS.logLevel),
  });
}

/** INVARIANT: `readSettings` has made sure that it is all three or none. */
function jwtOf(issuer?: string, audience?: string, jwksUrl?: string): JwtConfig | undefined {
  const isSet = issuer !== undefined && audience !== undefined && jwksUrl !== undefined;
  return isSet ? { issuer, audience, jwksUrl } : undefined;
}
