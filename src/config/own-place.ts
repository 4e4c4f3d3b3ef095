import type { Config } from './config.ts';

/**
 * Where Perkbook keeps what is its own: rules, keys, what the log needs. With a mapping the database belongs to somebody else and is only
 * read, so all of that is in folders here.
 */
export function ownPlace(config: Config): Config {
  return config.mapping === undefined ? config : { ...config, mongodbUri: undefined };
}
