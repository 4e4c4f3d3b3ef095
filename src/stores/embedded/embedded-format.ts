import { DATA_FORMAT, formatText, parseFormat } from '../store-format.ts';
import type { EmbeddedData } from './embedded-data.ts';

/** Brings the folder from format `from` to `from + 1`. Runs inside one write transaction with all later ones. */
interface Migration {
  readonly from: number;
  run(data: EmbeddedData): void;
}

/** In order; none yet, because `perkbook-data/1` is the first format. */
const MIGRATIONS: readonly Migration[] = [];

/**
 * Stamps a new folder, checks the stamp of an old one and migrates it. All or nothing: a crash half way leaves the old
 * format. Throws `UnknownStoreFormat` where the data is newer than this program.
 */
export function migrate(data: EmbeddedData, migrations: readonly Migration[] = MIGRATIONS): void {
  data.root.transactionSync(() => {
    const stamp = data.meta.get('format');
    const isNew = stamp === undefined && data.members.getKeysCount({ limit: 1 }) === 0;
    let format = isNew ? DATA_FORMAT : parseFormat(stamp, `the data folder \`${data.folder}\``);
    for (const migration of migrations) {
      if (migration.from !== format) continue;
      migration.run(data);
      format += 1;
    }
    if (stamp !== formatText(format)) data.meta.putSync('format', formatText(format));
  });
}
