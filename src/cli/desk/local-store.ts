import { existsSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { UnknownStoreFormat } from '../../stores/store-format.ts';
import { type MemberStore, StoreUnreachable } from '../../use-cases/ports.ts';
import { StartError } from '../../wiring/start-error.ts';
import { WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import type { Terminal } from '../frame/terminal.ts';
import { settingsOf } from './settings.ts';

/**
 * The store that a server here would use: MongoDB where MONGODB_URI is set, else the embedded one, which has to be there: a
 * mistyped folder would be a store without members. `folder`: that embedded one.
 */
export async function openLocalStore(terminal: Terminal, folder?: string): Promise<MemberStore> {
  const settings = settingsOf(terminal);
  const { mongodbUri: uri } = settings;
  if (settings.mapping !== undefined && folder === undefined) return openMappedStore(terminal, settings);
  if (uri !== undefined && folder === undefined) {
    const { openMongoStore } = await import('../../stores/mongo/mongo-store.ts');
    return orNotDone(() => openMongoStore({ uri }), StoreUnreachable, UnknownStoreFormat);
  }
  const data = folder ?? settings.data;
  if (!existsSync(data)) {
    throw new WrongUse(
      `there is no member store in \`${data}\`; set PERKBOOK_DATA or MONGODB_URI to where the members are`,
    );
  }
  const { openEmbeddedStore } = await import('../../stores/embedded/embedded-store.ts');
  return orNotDone(() => openEmbeddedStore({ folder: data }), StoreUnreachable, UnknownStoreFormat);
}

/** Members in a collection of another shape, read by the rules of this machine. */
async function openMappedStore(terminal: Terminal, settings: Config): Promise<MemberStore> {
  const { openStore } = await import('../../wiring/open-store.ts');
  const { localRules } = await import('./local-rules.ts');
  const readBy = { rules: { book: await localRules(terminal) }, clock: { now: Date.now } };
  const warn = ({ message }: Readonly<Record<string, unknown>>) => terminal.err(`${String(message)}\n`);
  return orNotDone(() => openStore(settings, warn, readBy), StartError);
}
