import { type Config, ConfigError } from '../../config/config.ts';
import { configFrom } from '../../config/config-from.ts';
import { WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

/** The settings in the environment and in the file: the same as the server's. */
export function settingsOf({ environment }: Pick<Terminal, 'environment'>): Config {
  return orWrongSettings(() => configFrom(environment));
}

/** Reads settings; what is wrong with them was a wrong use. */
export function orWrongSettings<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split('\n');
    const message =
      lines.length === 1 ? error.message : `${lines.length} settings are not right:\n  ${lines.join('\n  ')}`;
    throw new WrongUse(message, undefined, { cause: error });
  }
}
