import { existsSync } from 'node:fs';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';

export const restore = command({
  usage: 'restore <file>',
  says: 'Fills the embedded store from a backup. The whole file is checked first, and the store must not be in use.',
  options: {
    data: { type: 'string', value: '<folder>', says: 'the folder of the store (default: PERKBOOK_DATA, or data)' },
    replace: { type: 'boolean', says: 'in place of the members that are there; without it they are never touched' },
    json: { type: 'boolean', says: 'what was restored as JSON' },
  },
  example: 'perkbook restore members.backup --replace',
  run: async ({ options, words: [file = ''] }, terminal) => {
    const settings = settingsOf(terminal);
    if (settings.mongodbUri !== undefined && options.data === undefined) {
      throw new WrongUse(
        'MONGODB_URI is set, so the members are in MongoDB, which has tools of its own (`mongorestore`); `--data` names an embedded store',
      );
    }
    const folder = options.data ?? settings.data;
    if (!existsSync(file)) throw new WrongUse(`there is no file \`${file}\``);
    if (existsSync(`${folder}/data.mdb`) && !options.replace) {
      throw new WrongUse(
        `there are members in \`${folder}\` already; \`--replace\` puts those of the backup in their place`,
      );
    }
    const { restore: readBackup, BackupFailed } = await import('../../stores/backup/backup.ts');
    const { UnknownStoreFormat } = await import('../../stores/store-format.ts');
    const progress = progressOn(terminal);
    const summary = await orNotDone(
      () =>
        readBackup(file, folder, {
          replace: options.replace,
          onProgress: (done, total) => progress.show(() => `${done} of ${total} members`),
        }),
      BackupFailed,
      UnknownStoreFormat,
    ).finally(() => progress.clear());
    terminal.out(
      options.json
        ? `${JSON.stringify({ file, folder, ...summary }, undefined, 2)}\n`
        : `${summary.members} members and ${summary.keys} remembered keys of ${summary.createdAt} are in \`${folder}\`\n`,
    );
    return 0;
  },
});
