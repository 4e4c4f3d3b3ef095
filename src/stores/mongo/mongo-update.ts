import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadConcernLike } from 'mongodb';
import type { Member } from '../../domain/member.ts';
import { type MemberChange, type MemberSnapshot, StoreUnreachable } from '../../use-cases/ports.ts';
import { keyName } from '../storable-id.ts';
import { bounded, type MongoConnection } from './mongo-connection.ts';
import { fromDocument, type MemberDocument } from './mongo-document.ts';
import { newWriteId, writeMember } from './mongo-write.ts';

export interface MemberUpdate<T> {
  readonly id: string;
  readonly change: (snapshot: MemberSnapshot) => MemberChange<T>;
  readonly key?: string;
  readonly forgetBefore?: string;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
}

export interface Updated<T> {
  readonly result: T;
  readonly member: Member | undefined;
}

/**
 * Read, change, write if nobody wrote in between; else again, until the deadline.
 *
 * A write may be done and its answer lost: then the driver's retry matches nothing, or the call fails. So each attempt
 * has an id that it leaves in the document; an attempt that is found there has succeeded and is not made twice. If
 * another write has come on top, the remembered key says the same to the caller's `change`.
 */
export async function updateMember<T>(connection: MongoConnection, update: MemberUpdate<T>): Promise<Updated<T>> {
  const attempts = new Map<string, Updated<T>>();
  let failures = 0;
  for (let round = 0; ; round += 1) {
    // Only what a majority holds proves that an attempt will last; the first read just has to be recent.
    const { readConcern } = round === 0 ? { readConcern: { level: 'local' } as const } : connection.durable;
    const document = await readForUpdate(connection, update, readConcern);
    const done = document === undefined ? undefined : attempts.get(document.writtenBy);
    if (done !== undefined) return done;

    const snapshot = toSnapshot(document, update.key);
    const { result, write } = update.change(snapshot);
    if (write === undefined) return { result, member: snapshot.member };

    const writeId = newWriteId();
    try {
      const outcome = await writeMember(connection, {
        id: update.id,
        old: snapshot.member,
        write,
        writeId,
        forgetBefore: update.forgetBefore,
        deadline: update.deadline,
        tried: (member) => attempts.set(writeId, { result, member }),
      });
      if (outcome !== 'lost') return { result, member: outcome.member };
    } catch (error) {
      // Perhaps it was written all the same: look once, while there is time.
      failures += 1;
      if (!(error instanceof StoreUnreachable) || failures > 1 || remaining(update.deadline) <= 0) throw error;
    }
    await waitABit(round, update.deadline);
  }
}

async function readForUpdate<T>(
  { members }: MongoConnection,
  { id, key, deadline }: MemberUpdate<T>,
  readConcern: ReadConcernLike,
): Promise<MemberDocument | undefined> {
  // An inclusive projection, because it cannot be mixed with "without `keys`".
  const fields = ['format', 'revision', 'terms', 'usage', 'holdings', 'extras', 'attributes', 'keyDays', 'writtenBy'];
  if (key !== undefined) fields.push(`keys.${keyName(key)}`);
  const projection = Object.fromEntries(fields.map((field) => [field, 1]));
  const document = await bounded('read from MongoDB', remaining(deadline), (signal) =>
    members.findOne({ _id: id }, { readConcern, projection, signal }),
  );
  return document ?? undefined;
}

function toSnapshot(document: MemberDocument | undefined, key: string | undefined): MemberSnapshot {
  if (document === undefined) return { member: undefined, remembered: undefined };
  const remembered = key === undefined ? undefined : document.keys?.[keyName(key)];
  // The key as asked for: the stored one has lost any half of a surrogate pair.
  return {
    member: fromDocument(document),
    remembered: remembered === undefined || key === undefined ? undefined : { ...remembered, key },
  };
}

/** Somebody in another process was faster. A random pause lets them finish instead of racing with everybody again. */
async function waitABit(round: number, deadline: number): Promise<void> {
  const pause = Math.random() * Math.min(2 ** round, 32);
  if (remaining(deadline) <= pause) {
    throw new StoreUnreachable(
      'could not write to MongoDB: the member is being written too often, or it does not answer in time',
    );
  }
  await sleep(pause);
}

export function remaining(deadline: number): number {
  return deadline - performance.now();
}
