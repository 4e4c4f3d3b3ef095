import type { MemberReader } from '../../mapping/member-reader.ts';
import type { MemberScan } from '../../use-cases/impact/ports.ts';
import { StoreUnreachable, UnknownStoreFormat } from '../../use-cases/ports.ts';
import { openMappedStore } from './mapped-store.ts';

const PAGE = 1_000;
/** A page is more than one member: it may take longer than the reads that people wait for. */
const WITHIN_MS = 30_000;

/** Reads the members of a collection of another shape. One that cannot be read ends it: who is left out would not be counted. */
export async function openMappedScan(uri: string, reader: MemberReader): Promise<MemberScan> {
  const store = await openMappedStore({ uri, reader, timeoutMs: WITHIN_MS });
  return {
    count: async () => store.count(),
    ends: async () => [],
    async *pages({ after }) {
      for (let last = after; ; ) {
        const page = await Promise.resolve(store.list(last, PAGE)).catch((error: unknown) => {
          if (!(error instanceof UnknownStoreFormat)) throw error;
          throw new StoreUnreachable(`${error.message}; \`perkbook mapping\` shows them all`, { cause: error });
        });
        if (page.length > 0) yield page;
        if (page.length < PAGE) return;
        last = page.at(-1)?.id;
      }
    },
    close: () => store.close(),
  };
}
