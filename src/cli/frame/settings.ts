import { type Config, ConfigError, configFrom } from '../../config.ts';
import { WrongUse } from './errors.ts';
import type { Terminal } from './terminal.ts';

/** The settings in the environment: the same as the server's. */
export function settingsOf({ environment }: Terminal): Config {
  try {
    return configFrom(environment);
  } catch (error) {
    if (error instanceof ConfigError)
      throw new WrongUse(error.message.replaceAll('\n', '; '), undefined, { cause: error });
    throw error;
  }
}
