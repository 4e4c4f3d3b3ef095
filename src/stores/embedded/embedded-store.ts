import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../../domain/member.ts';
import {
  type MemberChange,
  type MemberPageLimits,
  type MemberSnapshot,
  type MemberStore,
  type MemberWrite,
  type StoredPage,
  StoreUnreachable,
} from '../../use-cases/ports.ts';
import { hasDaysBefore, withoutDaysBefore } from '../key-days.ts';
import { PageInTheMaking } from '../page-in-the-making.ts';
import { isStorableId, keyName, requireStorableId } from '../storable-id.ts';
import { type EmbeddedData, keysOf, openEmbeddedData } from './embedded-data.ts';
import { fromDocument, fromKeyDocument, toDocument, toKeyDocument } from './embedded-document.ts';
import { runTransaction } from './embedded-transaction.ts';
import { FailingDisk } from './failing-disk.ts';

/** Reads answer at once: the data is in this process's memory map. */
export interface EmbeddedStore extends MemberStore {
  readonly folder: string;
  get(id: string): Member | undefined;
  revision(id: string): number;
  /** In the byte order of the ids in UTF-8, in both stores. */
  list(after: string | undefined, limit: number): readonly Member[];
  page(after: string | undefined, limits: MemberPageLimits): StoredPage;
  count(): number;
  /** The open databases, for backups. */
  readonly data: EmbeddedData;
}

/** As much as a write of a large member. */
const TRIAL = ' '.repeat(262_144);

export interface EmbeddedStoreOptions {
  readonly folder: string;
  /** How long a write may wait, for example for a stopped process that holds the write lock. */
  readonly timeoutMs?: number;
}

/**
 * Members in a folder, with no server. Several processes may open the same folder; a write is exact across them and on
 * disk when it resolves. Throws `StoreUnreachable` when the folder cannot be used and `UnknownStoreFormat` when a newer
 * perkbook wrote it.
 */
export async function openEmbeddedStore({ folder, timeoutMs = 10_000 }: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const data = await openEmbeddedData(folder);
  const requireSameFile = sameFileCheck(folder);
  const disk = new FailingDisk(folder);
  let open = true;

  /** INVARIANT: LMDB is never touched after it is closed; that would end the process, not throw. */
  function reading<T>(read: () => T): T {
    if (!open) throw new StoreUnreachable('the store is closed');
    try {
      return read();
    } catch (cause) {
      throw asUnreachable(folder, 'read', cause);
    }
  }

  async function writing<T>(write: () => T, withinMs = timeoutMs): Promise<T> {
    if (!open) throw new StoreUnreachable('the store is closed');
    disk.requireHope();
    const checked = () => {
      requireSameFile();
      return write();
    };
    const written = await runTransaction(
      data.root,
      checked,
      withinMs,
      (cause) => disk.failed(cause) ?? asUnreachable(folder, 'written', cause),
    );
    // Nothing is acknowledged that only a file without a name holds.
    requireSameFile();
    return written;
  }

  return {
    folder,
    data,
    get: (id) => reading(() => readMember(data, id)),
    revision: (id) => reading(() => (isStorableId(id) ? (data.revisions.get(id) ?? 0) : 0)),
    async update(id, change, options = {}) {
      requireStorableId(id);
      const outcome = await writing(() => changeMember(data, id, change, options));
      if ('thrown' in outcome) throw outcome.thrown;
      return outcome;
    },
    list: (after, limit) => reading(() => listMembers(data, after, limit)),
    page: (after, limits) => reading(() => pageOf(data, after, limits)),
    count: () => reading(() => (data.members.getStats() as { readonly entryCount: number }).entryCount),
    async ping({ withinMs } = {}) {
      reading(() => data.meta.get('format'));
      if (!disk.isInDoubt) return writing(() => undefined, withinMs);
      // Where nothing is written, nothing shows whether the disk takes it; and little finds a place where much does not.
      await writing(() => data.meta.put('trial', TRIAL), withinMs);
      await writing(() => data.meta.remove('trial'), withinMs);
      disk.succeeded();
    },
    async close() {
      if (!open) return;
      open = false;
      // Waits for the writes that have begun.
      await data.root.close();
    },
  };
}

/**
 * LMDB goes on with the file that it has open, whatever becomes of its name: what is written after the folder was deleted or replaced
 * would be gone with this process. Throws `StoreUnreachable` while the file in the folder is another one than at the start.
 */
function sameFileCheck(folder: string): () => void {
  const path = join(folder, 'data.mdb');
  const opened = statSync(path);
  return () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    const what = found === undefined ? 'was deleted' : 'was replaced by another file';
    throw new StoreUnreachable(`\`${path}\` ${what} while it was in use: put it back, or start perkbook again`);
  };
}

function readMember(data: EmbeddedData, id: string): Member | undefined {
  const document = isStorableId(id) ? data.members.get(id) : undefined;
  return document === undefined ? undefined : fromDocument(document);
}

function listMembers(data: EmbeddedData, after: string | undefined, limit: number): readonly Member[] {
  return [...data.members.getRange({ ...behind(after), limit })].map(({ value }) => fromDocument(value));
}

function pageOf(data: EmbeddedData, after: string | undefined, limits: MemberPageLimits): StoredPage {
  const made = new PageInTheMaking(limits);
  for (const { key, value } of data.members.getRange(behind(after))) {
    if (!made.take(key, () => fromDocument(value))) break;
  }
  return made.page;
}

/** A text longer than any id sorts behind its own beginning, and no id lies between the two. */
function behind(after: string | undefined): { readonly start?: string; readonly exclusiveStart?: boolean } {
  return after === undefined || after === '' ? {} : { start: after.slice(0, 512), exclusiveStart: true };
}

/** `thrown`: what the caller's own `change` threw, which says nothing about the store. */
type Outcome<T> = { readonly result: T; readonly member: Member | undefined } | { readonly thrown: unknown };

/** One member's step from what is stored to what `change` wants, inside the write transaction. */
function changeMember<T>(
  data: EmbeddedData,
  id: string,
  change: (snapshot: MemberSnapshot) => MemberChange<T>,
  options: { readonly key?: string; readonly forgetBefore?: string },
): Outcome<T> {
  const member = readMember(data, id);
  const keyDocument = options.key === undefined ? undefined : data.keys.get([id, keyName(options.key)]);
  const remembered = keyDocument === undefined ? undefined : fromKeyDocument(keyDocument);
  let wanted: MemberChange<T>;
  try {
    wanted = change({ member, remembered });
  } catch (thrown) {
    return { thrown };
  }
  const { result, write } = wanted;
  if (write === undefined) return { result, member };
  return { result, member: writeMember(data, id, member, write, options.forgetBefore) };
}

function writeMember(
  data: EmbeddedData,
  id: string,
  old: Member | undefined,
  write: MemberWrite,
  forgetBefore: string | undefined,
): Member | undefined {
  if (write.member === undefined) {
    if (old !== undefined) deleteMember(data, old);
    return undefined;
  }
  const revision = (old?.revision ?? deletedUpTo(data)) + 1;
  const keyDays = withoutDaysBefore(write.member.keyDays, forgetBefore);
  const member = { ...write.member, id, revision, keyDays };
  if (old !== undefined && forgetBefore !== undefined && hasDaysBefore(old.keyDays, forgetBefore)) {
    forgetKeys(data, id, forgetBefore);
  }
  const { remember } = write;
  if (remember !== undefined && !(forgetBefore !== undefined && remember.day < forgetBefore)) {
    data.keys.put([id, keyName(remember.key)], toKeyDocument({ ...remember, revision }));
  }
  data.members.put(id, toDocument(member));
  data.revisions.put(id, revision);
  return member;
}

/** INVARIANT: a member made again starts above every revision it ever had, so that a revision never names two contents. */
function deleteMember(data: EmbeddedData, member: Member): void {
  data.meta.put('deletedUpTo', Math.max(deletedUpTo(data), member.revision));
  for (const { key } of keysOf(data, member.id)) data.keys.remove(key);
  data.members.remove(member.id);
  data.revisions.remove(member.id);
}

function deletedUpTo(data: EmbeddedData): number {
  return Number(data.meta.get('deletedUpTo') ?? 0);
}

function forgetKeys(data: EmbeddedData, id: string, forgetBefore: string): void {
  for (const { key, value } of keysOf(data, id)) {
    if (value.day < forgetBefore) data.keys.remove(key);
  }
}

function asUnreachable(folder: string, verb: string, cause: unknown): unknown {
  if (cause instanceof StoreUnreachable || (cause instanceof Error && cause.name === 'UnknownStoreFormat'))
    return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnreachable(`the data folder \`${folder}\` could not be ${verb}: ${reason}`, { cause });
}
