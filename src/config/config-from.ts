import { type Config, ConfigError, type JwtConfig } from './config.ts';
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

/** All three or none: a bearer of which one of them is not checked could be anybody's. */
function jwtOf(issuer?: string, audience?: string, jwksUrl?: string): JwtConfig | undefined {
  if (issuer !== undefined && audience !== undefined && jwksUrl !== undefined) return { issuer, audience, jwksUrl };
  const parts = [
    [SETTINGS.jwtIssuer, issuer],
    [SETTINGS.jwtAudience, audience],
    [SETTINGS.jwtJwksUrl, jwksUrl],
  ] as const;
  const missing = parts
    .filter(([, value]) => value === undefined)
    .map(([{ variable, key }]) => `${variable} (\`${key}\`)`);
  if (missing.length === parts.length) return undefined;
  throw new ConfigError(`bearers need an issuer, an audience and a JWKS address: set ${missing.join(' and ')}, too`);
}
