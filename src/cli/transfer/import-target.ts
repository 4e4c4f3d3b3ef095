import { resolve } from 'node:path';
import { checkTarget, type MemberTarget, storeTarget } from '../../transfer/member-target.ts';
import { openStore } from '../../wiring/open-store.ts';
import { StartError } from '../../wiring/start-error.ts';
import { localRules } from '../desk/local-rules.ts';
import { credentials, serverAddress } from '../desk/server-address.ts';
import { settingsOf } from '../desk/settings.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import type { Terminal } from '../frame/terminal.ts';
import { serverTarget } from './server-members.ts';

export interface OpenTarget extends MemberTarget {
  /** For people: where the members go to. */
  readonly shown: string;
  /** Tells one place from another. */
  readonly place: string;
  close(): Promise<void>;
}

/** The store of a server here, made where it is missing; a running server where `url` names one; or nothing, for a check. */
export async function openTarget(
  terminal: Terminal,
  { url, check }: { readonly url: string | undefined; readonly check: boolean },
): Promise<OpenTarget> {
  const nothing = async () => {};
  if (check) {
    const book = await localRules(terminal);
    return { ...checkTarget(book), shown: 'nowhere', place: 'check', close: nothing };
  }
  if (url !== undefined) {
    const base = serverAddress(url);
    const server = { base, headers: credentials(terminal.environment.PERKBOOK_API_KEY) };
    return { ...serverTarget(server), shown: `\`${base}\``, place: base, close: nothing };
  }
  const settings = settingsOf(terminal);
  const book = await localRules(terminal);
  const { mongodbUri, data } = settings;
  const clock = { now: Date.now };
  const store = await orNotDone(() => openStore(settings, () => {}, { rules: { book }, clock }), StartError);
  return {
    ...storeTarget({ store, clock }, book),
    shown: mongodbUri === undefined ? `\`${data}\`` : 'MongoDB',
    // Whole: the same name is another store in another folder.
    place: mongodbUri ?? resolve(data),
    close: () => store.close(),
  };
}
