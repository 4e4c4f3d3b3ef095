import { randomUUID } from 'node:crypto';
import { MongoServerError } from 'mongodb';
import type { Member } from '../../domain/member.ts';
import { type MemberWrite, StoreUnreachable } from '../../use-cases/ports.ts';
import { hasDaysBefore, withoutDaysBefore } from '../key-days.ts';
import { keyName } from '../storable-id.ts';
import { DATA_FORMAT, DOCUMENT_FORMAT, formatText } from '../store-format.ts';
import { bounded, type MongoConnection, stampIfNew, writing } from './mongo-connection.ts';
import { toChangedFields, toDocument } from './mongo-document.ts';

const DUPLICATE_KEY = 11000;

/** One attempt to write one member. */
export interface Attempt {
  readonly id: string;
  /** What the write was decided on: it only counts if this is still what is stored. */
  readonly old: Member | undefined;
  readonly write: MemberWrite;
  readonly writeId: string;
  readonly forgetBefore: string | undefined;
  readonly deadline: number;
  /** Told before anything is sent, what will be stored if it is. */
  tried(member: Member | undefined): void;
}

/** `lost`: somebody else wrote in between, or the answer to an earlier sending of the same write was lost. */
export type Outcome = 'lost' | { readonly member: Member | undefined };

export function newWriteId(): string {
  return randomUUID();
}

/** Every branch is one guarded operation on one document. */
export async function writeMember(connection: MongoConnection, attempt: Attempt): Promise<Outcome> {
  const { old, write } = attempt;
  if (write.member === undefined) return old === undefined ? { member: undefined } : remove(connection, attempt, old);
  const keyDays = withoutDaysBefore(write.member.keyDays, attempt.forgetBefore);
  const wanted = { ...write.member, id: attempt.id, keyDays };
  return old === undefined ? insert(connection, attempt, wanted) : replace(connection, attempt, old, wanted);
}

async function replace(connection: MongoConnection, attempt: Attempt, old: Member, wanted: Member): Promise<Outcome> {
  const forgotten = await namesToForget(connection, attempt, old);
  if (forgotten === 'lost') return 'lost';
  const member = { ...wanted, revision: old.revision + 1 };
  attempt.tried(member);
  const $set = {
    ...toChangedFields(old, member),
    ...keyFields(attempt, member.revision),
    format: DOCUMENT_FORMAT,
    revision: member.revision,
    writtenBy: attempt.writeId,
  };
  const $unset = Object.fromEntries(forgotten.map((name) => [`keys.${name}`, '' as const]));
  const { matchedCount } = await send(attempt, (signal) =>
    connection.members.updateOne(
      { _id: attempt.id, revision: old.revision },
      forgotten.length === 0 ? { $set } : { $set, $unset },
      writing(signal),
    ),
  );
  return matchedCount === 1 ? { member } : 'lost';
}

/**
 * INVARIANT: a member made again starts above every revision it ever had, so that a revision never names two contents.
 * Hence the second look: the member may have been made and deleted by others since the first one.
 */
async function insert(connection: MongoConnection, attempt: Attempt, wanted: Member): Promise<Outcome> {
  const first = { ...wanted, revision: (await deletedUpTo(connection, attempt)) + 1 };
  attempt.tried(first);
  const { remember } = attempt.write;
  const remembered =
    remember === undefined || isForgotten(attempt) ? undefined : { ...remember, revision: first.revision };
  const keys = remembered === undefined ? {} : { keys: { [keyName(remembered.key)]: remembered } };
  try {
    await send(attempt, (signal) =>
      connection.members.insertOne({ ...toDocument(first, attempt.writeId), ...keys }, writing(signal)),
    );
  } catch (error) {
    if (isDuplicateKey(error)) return 'lost';
    throw error;
  }
  const revision = (await deletedUpTo(connection, attempt)) + 1;
  if (revision <= first.revision) return { member: first };
  const raised = { ...first, revision };
  attempt.tried(raised);
  await send(attempt, (signal) =>
    connection.members.updateOne(
      { _id: attempt.id, writtenBy: attempt.writeId },
      { $set: { revision, ...keyFields(attempt, revision) } },
      writing(signal),
    ),
  );
  return { member: raised };
}

/** First the mark, then the deletion: a crash in between only makes later members start higher. */
async function remove(connection: MongoConnection, attempt: Attempt, old: Member): Promise<Outcome> {
  const mark = { $max: { deletedUpTo: old.revision }, $setOnInsert: { format: formatText(DATA_FORMAT) } };
  await send(attempt, (signal) =>
    connection.meta.updateOne({ _id: 'members' }, mark, writing(signal, { upsert: true })),
  );
  const { deletedCount } = await send(attempt, (signal) =>
    connection.members.deleteOne({ _id: attempt.id, revision: old.revision }, writing(signal)),
  );
  return deletedCount === 1 ? { member: undefined } : 'lost';
}

/** Somebody may drop the database under a running perkbook: then it begins as an empty one would. */
async function deletedUpTo(connection: MongoConnection, attempt: Attempt): Promise<number> {
  const read = () => send(attempt, (signal) => connection.meta.findOne({ _id: 'members' }, { signal }));
  const found = await read();
  if (found !== null) return found.deletedUpTo;
  await send(attempt, (signal) => stampIfNew(connection, signal));
  return (await read())?.deletedUpTo ?? 0;
}

/** Which remembered keys are too old. Reads them all, but only on a member's first write of a new day. */
async function namesToForget(
  { members }: MongoConnection,
  attempt: Attempt,
  old: Member,
): Promise<readonly string[] | 'lost'> {
  const { forgetBefore } = attempt;
  if (forgetBefore === undefined || !hasDaysBefore(old.keyDays, forgetBefore)) return [];
  const document = await send(attempt, (signal) =>
    members.findOne({ _id: attempt.id, revision: old.revision }, { projection: { keys: 1 }, signal }),
  );
  if (document === null) return 'lost';
  return Object.entries(document.keys ?? {}).flatMap(([name, { day }]) => (day < forgetBefore ? [name] : []));
}

function keyFields(attempt: Attempt, revision: number): Readonly<Record<string, unknown>> {
  const { remember } = attempt.write;
  if (remember === undefined || isForgotten(attempt)) return {};
  return { [`keys.${keyName(remember.key)}`]: { ...remember, revision } };
}

function isForgotten({ write: { remember }, forgetBefore }: Attempt): boolean {
  return remember !== undefined && forgetBefore !== undefined && remember.day < forgetBefore;
}

function send<T>(attempt: Attempt, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return bounded('write to MongoDB', attempt.deadline - performance.now(), operation);
}

function isDuplicateKey(error: unknown): boolean {
  const cause = error instanceof StoreUnreachable ? error.cause : error;
  return cause instanceof MongoServerError && cause.code === DUPLICATE_KEY;
}
