import { ownPlace } from '../../config/own-place.ts';
import { openKeyTable } from '../../decision-log/keys/open-key-table.ts';
import { UserKeys } from '../../decision-log/keys/user-keys.ts';
import { parseUserId } from '../../domain/user-id.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { orNotDone } from '../frame/or-not-done.ts';

export const forget = command({
  usage: 'forget <user>',
  says: 'Drops the key by which a user is hashed in the decision log: from then on nobody can tell which entries were of this user. The entries stay.',
  options: { json: { type: 'boolean', says: 'the result as JSON' } },
  example: 'perkbook forget u-17',
  notes:
    'DELETE /v1/members/{id} does the same, and deletes the facts about the member, which this leaves. A server that is running needs up to a minute to notice.',
  run: async ({ options, words: [word = ''] }, terminal) => {
    const user = parseUserId(word, '/user');
    const { mongodbUri, data } = ownPlace(settingsOf(terminal));
    const existed = await orNotDone(async () => {
      const keys = new UserKeys(await openKeyTable({ mongodbUri, data }));
      return keys.forget(user).finally(() => keys.close());
    }, StoreUnreachable);
    terminal.out(
      options.json
        ? `${JSON.stringify({ user, forgotten: existed }, undefined, 2)}\n`
        : existed
          ? `\`${user}\` is forgotten: the entries that are there can no longer be linked to anybody\n`
          : `there is no key of \`${user}\`: nothing in the decision log can be linked to that user\n`,
    );
    return 0;
  },
});
