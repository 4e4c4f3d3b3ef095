import type { MemberScan } from '../../use-cases/impact/ports.ts';
import { letGo } from './let-go.ts';
import { bounded, connectMongo } from './mongo-connection.ts';
import { fromDocument, type MemberDocument } from './mongo-document.ts';

const PAGE = 1_000;
/** A page is more than one member: it may take longer than the reads that people wait for. */
const WITHIN_MS = 30_000;

/** Reads the members of a database. `unread`: perks whose usage nobody asks for, left out of what is sent. */
export async function openMongoScan(uri: string, unread: readonly string[]): Promise<MemberScan> {
  const { client, members, durable } = await connectMongo({ uri });
  const projection = {
    keys: 0,
    writtenBy: 0,
    keyDays: 0,
    ...Object.fromEntries(unread.map((perk) => [`usage.${perk}`, 0])),
  };

  async function pageAfter(after: string | undefined, until: string | undefined): Promise<readonly MemberDocument[]> {
    const bounds = { ...(after === undefined ? {} : { $gt: after }), ...(until === undefined ? {} : { $lte: until }) };
    const filter = Object.keys(bounds).length === 0 ? {} : { _id: bounds };
    return bounded('read from MongoDB', WITHIN_MS, (signal) =>
      members.find(filter, { ...durable, projection, sort: { _id: 1 }, limit: PAGE, signal }).toArray(),
    );
  }

  return {
    count: () =>
      bounded('read from MongoDB', WITHIN_MS, (signal) =>
        members.countDocuments({}, { ...durable, hint: '_id_', signal }),
      ),
    // One process is enough: the server does the larger part of the work.
    ends: async () => [],
    async *pages({ after, until }) {
      let next = pageAfter(after, until);
      for (;;) {
        const page = await next;
        const last = page.at(-1);
        // The next page is on its way while this one is judged.
        const following = page.length < PAGE ? undefined : pageAfter(last?._id, until);
        following?.catch(() => undefined);
        if (page.length > 0) yield page.map((document) => fromDocument({ ...document, keyDays: {} }));
        if (following === undefined) return;
        next = following;
      }
    },
    close: () => letGo(client),
  };
}
