import { createHash } from 'node:crypto';
import { type Member, newMember } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';
import type { MappingFile } from '../generated/mapping.ts';
import { checkVocabulary } from '../use-cases/members/check-vocabulary.ts';
import type { MemberFields } from '../use-cases/members/member-fields.ts';
import { type Clock, type RuleBookSource, UnknownStoreFormat } from '../use-cases/ports.ts';
import { isFirstTier } from './first-tier.ts';
import { fromMapped } from './from-mapped.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** Makes members of documents of another shape. */
export interface MemberReader {
  readonly mapping: MappingFile;
  /** Throws `UnknownStoreFormat`, with where in the document it is, for what cannot be understood or what the rules do not know. */
  read(id: string, document: unknown): Member;
}

export function memberReader(mapping: MappingFile, rules: RuleBookSource, clock: Clock): MemberReader {
  const names = { isFirstTier: (tier: string) => isFirstTier(rules.book, tier) };
  return {
    mapping,
    read(id, document) {
      try {
        const fields = fromMapped(document, mapping, names, clock.now());
        checkVocabulary(rules.book, fields, undefined);
        return { ...newMember(id), ...fields, revision: revisionOf(fields) };
      } catch (error) {
        throw asUnreadable(error, id, mapping.collection);
      }
    },
  };
}

function asUnreadable(error: unknown, id: string, collection: string): unknown {
  const what = `the document of \`${id}\` in \`${collection}\` cannot be read as the mapping says`;
  if (error instanceof UnreadableValue) return new UnknownStoreFormat(`${what}: ${error.message}`, { cause: error });
  if (!(error instanceof Problem)) return error;
  const hint = error.didYouMean === undefined ? '' : `; did you mean \`${error.didYouMean}\`?`;
  return new UnknownStoreFormat(`${what}: ${error.field ?? ''} ${error.message}${hint}`, { cause: error });
}

/** What is read has no number of its own; the same content always has the same, and another content another. */
function revisionOf(fields: MemberFields): number {
  return createHash('sha256').update(JSON.stringify(fields)).digest().readUIntBE(0, 6) + 1;
}
