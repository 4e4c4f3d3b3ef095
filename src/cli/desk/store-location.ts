import { existsSync } from 'node:fs';
import type { StoreLocation } from '../../impact-workers/messages.ts';
import { WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';
import { settingsOf } from './settings.ts';

/** Where the members are that a server here would use. The embedded store has to be there: a mistyped folder would be one without members. */
export function storeLocation(terminal: Terminal): StoreLocation {
  const { mongodbUri, data, mapping } = settingsOf(terminal);
  if (mapping !== undefined && mongodbUri !== undefined) return { kind: 'mapped', uri: mongodbUri, file: mapping };
  if (mongodbUri !== undefined) return { kind: 'mongo', uri: mongodbUri };
  if (existsSync(data)) return { kind: 'embedded', folder: data };
  throw new WrongUse(
    `there is no member store in \`${data}\`; set PERKBOOK_DATA or MONGODB_URI to where the members are`,
  );
}
