import type { RememberedKey } from '../../domain/consumption.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Member } from '../../domain/member.ts';
import type {
  FactsReader,
  MemberChange,
  MemberPageLimits,
  MemberSnapshot,
  MemberStore,
  StoredPage,
} from '../../use-cases/ports.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import type { StoreState } from '../compile/scenario.ts';

/** Members held in memory, for replaying scenarios without any I/O. Can be told to be down, or to know only what is old. */
export class MemoryStore implements MemberStore, FactsReader {
  state: StoreState = 'up';
  readonly #members = new Map<string, Member>();
  readonly #keys = new Map<string, Map<string, RememberedKey>>();

  read(id: string): Facts {
    switch (this.state) {
      case 'up':
        return { state: 'fresh', member: this.#members.get(id) };
      case 'stale':
        return { state: 'stale', member: this.#members.get(id) };
      case 'down':
        return { state: 'unreachable' };
    }
  }

  get(id: string): Member | undefined {
    this.#requireUp();
    return this.#members.get(id);
  }

  async update<T>(
    id: string,
    change: (snapshot: MemberSnapshot) => MemberChange<T>,
    { key, forgetBefore }: { readonly key?: string; readonly forgetBefore?: string } = {},
  ): Promise<{ readonly result: T; readonly member: Member | undefined }> {
    this.#requireUp();
    const member = this.#members.get(id);
    const keys = this.#keys.get(id) ?? new Map<string, RememberedKey>();
    const { result, write } = change({ member, remembered: key === undefined ? undefined : keys.get(key) });
    if (write === undefined) return { result, member };
    if (write.member === undefined) {
      this.#members.delete(id);
      this.#keys.delete(id);
      return { result, member: undefined };
    }
    const revision = (member?.revision ?? 0) + 1;
    if (write.remember !== undefined) keys.set(write.remember.key, { ...write.remember, revision });
    for (const [name, { day }] of keys) if (forgetBefore !== undefined && day < forgetBefore) keys.delete(name);
    const written = { ...write.member, revision };
    this.#members.set(id, written);
    this.#keys.set(id, keys);
    return { result, member: written };
  }

  list(after: string | undefined, limit: number): readonly Member[] {
    const ids = [...this.#members.keys()].filter((id) => after === undefined || id > after).sort();
    return ids.slice(0, limit).flatMap((id) => this.#members.get(id) ?? []);
  }

  page(after: string | undefined, { members: most }: MemberPageLimits): StoredPage {
    const found = this.list(after, most + 1);
    const members = found.slice(0, most);
    return { members, unreadable: [], next: found.length > most ? (members.at(-1)?.id ?? null) : null };
  }

  count(): number {
    return this.#members.size;
  }

  async ping(): Promise<void> {
    this.#requireUp();
  }

  async close(): Promise<void> {}

  #requireUp(): void {
    if (this.state !== 'up') throw new StoreUnreachable('the scenario says that the store is down');
  }
}
