import { existsSync } from 'node:fs';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';

export const backup = command({
  usage: 'backup <file>',
  says: 'Writes everything in the embedded store, as it is at one instant, into one file. The store may be in use.',
  options: {
    data: { type: 'string', value: '<folder>', says: 'the folder of the store (default: PERKBOOK_DATA, or data)' },
    force: { type: 'boolean', says: 'in place of a file that is there' },
    json: { type: 'boolean', says: 'what was written as JSON' },
  },
  example: 'perkbook backup members.backup',
  run: async ({ options, words: [file = ''] }, terminal) => {
    const settings = settingsOf(terminal);
    if (settings.mongodbUri !== undefined && options.data === undefined) {
      throw new WrongUse(
        'MONGODB_URI is set, so the members are in MongoDB, which has tools of its own for backups (`mongodump`); `--data` names an embedded store',
      );
    }
    if (existsSync(file) && !options.force) {
      throw new WrongUse(`\`${file}\` is there already; \`--force\` puts the backup in its place`);
    }
    const folder = options.data ?? settings.data;
    const { backup: writeBackup, BackupFailed } = await import('../../stores/backup/backup.ts');
    const { UnknownStoreFormat } = await import('../../stores/store-format.ts');
    const progress = progressOn(terminal);
    const summary = await orNotDone(
      () =>
        writeBackup(folder, file, { onProgress: (done, total) => progress.show(() => `${done} of ${total} members`) }),
      BackupFailed,
      UnknownStoreFormat,
    ).finally(() => progress.clear());
    terminal.out(
      options.json
        ? `${JSON.stringify({ file, folder, ...summary }, undefined, 2)}\n`
        : `${summary.members} members and ${summary.keys} remembered keys of \`${folder}\` are in \`${file}\`\n`,
    );
    return 0;
  },
});
