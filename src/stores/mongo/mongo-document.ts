import type { RememberedKey } from '../../domain/consumption.ts';
import type { Attribute, Extra, Member, Term, UsageEntry } from '../../domain/member.ts';
import { DOCUMENT_FORMAT, requireDocumentFormat } from '../store-format.ts';

/**
 * A member in MongoDB: one document, so that every write is atomic on a sharded cluster too (shard key: `_id`).
 *
 * Perk ids, holding ids, days and key names are plain words. Names of attributes can be anything, also `$set`, `a.b` or
 * an empty text, which mean something in field names: they are stored as values.
 */
export interface MemberDocument {
  readonly _id: string;
  readonly format: number;
  readonly revision: number;
  readonly terms: readonly Term[];
  readonly usage: Readonly<Record<string, readonly UsageEntry[]>>;
  readonly holdings: Readonly<Record<string, number>>;
  readonly extras: readonly Extra[];
  readonly attributes: readonly { readonly name: string; readonly value: Attribute }[];
  readonly keyDays: Readonly<Record<string, number>>;
  /** By `keyName`. Large, and only read where it is needed. */
  readonly keys?: Readonly<Record<string, RememberedKey>>;
  /** Which write made this revision: tells our own write from another one after its answer was lost. */
  readonly writtenBy: string;
}

export type MemberFields = Omit<MemberDocument, '_id' | 'format' | 'revision' | 'keys' | 'writtenBy'>;

export function fromDocument(document: MemberDocument): Member {
  requireDocumentFormat(document.format, document._id);
  return {
    id: document._id,
    revision: document.revision,
    terms: document.terms,
    usage: document.usage,
    holdings: document.holdings,
    extras: document.extras,
    attributes: Object.fromEntries(document.attributes.map(({ name, value }) => [name, value])),
    keyDays: document.keyDays,
  };
}

export function toDocument(member: Member, writtenBy: string): MemberDocument {
  return { _id: member.id, format: DOCUMENT_FORMAT, revision: member.revision, ...toFields(member), writtenBy };
}

function toFields({ terms, usage, holdings, extras, attributes, keyDays }: Member): MemberFields {
  const pairs = Object.entries(attributes).map(([name, value]) => ({ name, value }));
  return { terms, usage, holdings, extras, attributes: pairs, keyDays };
}

/** The fields that differ. A change leaves what it does not touch identical, so no deep comparison is needed. */
export function toChangedFields(old: Member, member: Member): Partial<MemberFields> {
  const names = ['terms', 'usage', 'holdings', 'extras', 'attributes', 'keyDays'] as const;
  const changed = new Set<string>(names.filter((name) => old[name] !== member[name]));
  return Object.fromEntries(Object.entries(toFields(member)).filter(([name]) => changed.has(name)));
}
