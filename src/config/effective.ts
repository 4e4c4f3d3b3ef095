import { type Environment, readSettings } from './read-settings.ts';

/** One setting as it holds, for people. */
export interface EffectiveSetting {
  readonly key: string;
  readonly variable: string;
  /** As it was written, secrets masked; null where nothing is set and nothing holds then. */
  readonly value: string | null;
  /** `default`, the name of a variable, or a place in the file. */
  readonly from: string;
}

/** Every setting as it holds, with where it comes from. Throws `ConfigError`, also where a file that is named is not there. */
export function effectiveSettings(environment: Environment): readonly EffectiveSetting[] {
  return [...readSettings(environment, { looksForFiles: true })].map(([{ key, variable, mask }, { text, from }]) => ({
    key,
    variable,
    value: text === undefined ? null : mask === undefined ? text : (mask(text) ?? '***'),
    from,
  }));
}
