// A process of its own that reads every record of a data folder: see `canBeRead`. Its argument: the folder.
import { resolve } from 'node:path';
import { open } from 'lmdb';

const root = open<unknown, string>({ path: resolve(process.argv[2] ?? ''), noSubdir: false, readOnly: true });
for (const name of [...root.getKeys()]) {
  const database = root.openDB<Buffer>({ name, encoding: 'binary' });
  for (const { value } of database.getRange({})) if (value.length < 0) process.exit(1);
}
await root.close();
