import { existsSync } from 'node:fs';
import type { IdRange, MemberScan } from '../../use-cases/impact/ports.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { parseFormat } from '../store-format.ts';
import { openDatabases } from './embedded-data.ts';
import { fromDocument } from './embedded-document.ts';

/** Each page is a read of its own: one long read would keep the file from using freed space again. */
const PAGE = 500;

/** Reads the members of a data folder that others may be writing to. */
export async function openEmbeddedScan(folder: string): Promise<MemberScan> {
  if (!existsSync(folder)) throw new StoreUnreachable(`there is no data folder \`${folder}\``);
  const { root, members, meta } = await openDatabases(folder);
  const format = meta.get('format');
  // A folder that nobody has written to yet has no stamp and no members.
  if (format !== undefined) parseFormat(format, `the data folder \`${folder}\``);

  function keyAfter(start: string | undefined, offset: number): string | undefined {
    const range = start === undefined ? { offset, limit: 1 } : { start, offset, limit: 1 };
    return [...members.getKeys(range)][0];
  }

  function* pages({ after, until }: IdRange) {
    for (let last = after; ; ) {
      const range = {
        ...(last === undefined ? {} : { start: last, exclusiveStart: true }),
        ...(until === undefined ? {} : { end: until, inclusiveEnd: true }),
        limit: PAGE,
      };
      const page = [...members.getRange(range)].map(({ value }) => fromDocument(value));
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      last = page.at(-1)?.id;
    }
  }

  return {
    count: async () => (members.getStats() as { readonly entryCount: number }).entryCount,
    async ends(size) {
      const ends: string[] = [];
      for (let end = keyAfter(undefined, size - 1); end !== undefined; end = keyAfter(end, size)) ends.push(end);
      return ends;
    },
    async *pages(range) {
      yield* pages(range);
    },
    close: () => root.close(),
  };
}
