import { formatInstant, parseInstant } from '../../domain/instant.ts';
import type { Draft, NewVersion, Publication } from '../../use-cases/rule-sets/ports.ts';

/** The form of the documents below. A change of the form raises the number and adds a migration. */
export const RULES_FORMAT = 1;

/**
 * One rule set: which versions it has. What a publisher changes in one guarded write, and all that an evaluator looks at each second.
 * INVARIANT: the versions are numbered from 1 on without a gap.
 */
export interface RuleSetDocument {
  readonly _id: string;
  readonly format: number;
  readonly versions: readonly VersionEntry[];
}

export interface VersionEntry {
  readonly version: number;
  readonly digest: string;
  /** Which document has its content: another one each time that a number is used again. */
  readonly content: string;
}

/** One version, never changed. INVARIANT: it counts once a rule set names it; a crash while publishing leaves one that nobody names. */
export interface RuleVersionDocument {
  readonly _id: string;
  readonly format: number;
  readonly ruleSet: string;
  readonly version: number;
  /** The file, byte for byte. */
  readonly yaml: string;
  readonly digest: string;
  /** From when it judges; for people who look into the database. */
  readonly from: string;
  readonly author: string;
  readonly note: string;
  readonly publishedAt: string;
  readonly rollbackTo?: number;
  readonly scenarios?: string;
}

export interface DraftDocument {
  /** `<rule set>/<author>`: no rule set has a slash in its id. */
  readonly _id: string;
  readonly ruleSet: string;
  readonly author: string;
  readonly base: number;
  readonly baseDigest: string | null;
  readonly savedAt: string;
  readonly yaml: string;
}

export function toVersionDocument(id: string, { ruleSet, publication, yaml, from }: NewVersion): RuleVersionDocument {
  const { version, digest, author, note, publishedAt, rollbackTo, scenarios } = publication;
  return {
    _id: id,
    format: RULES_FORMAT,
    ruleSet,
    version,
    yaml,
    digest,
    from: formatInstant(from),
    author,
    note,
    publishedAt: formatInstant(publishedAt),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(scenarios === undefined ? {} : { scenarios }),
  };
}

export function fromVersionDocument(document: RuleVersionDocument): Publication {
  const { version, digest, author, note, publishedAt, rollbackTo, scenarios } = document;
  return {
    version,
    digest,
    author,
    note,
    publishedAt: parseInstant(publishedAt) ?? 0,
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(scenarios === undefined ? {} : { scenarios }),
  };
}

export function toDraftDocument({ savedAt, ...draft }: Draft): DraftDocument {
  return { _id: draftId(draft.ruleSet, draft.author), ...draft, savedAt: formatInstant(savedAt) };
}

export function fromDraftDocument({ _id, savedAt, ...draft }: DraftDocument): Draft {
  return { ...draft, savedAt: parseInstant(savedAt) ?? 0 };
}

export function draftId(ruleSet: string, author: string): string {
  return `${ruleSet}/${author}`;
}
