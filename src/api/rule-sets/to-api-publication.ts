import { formatInstant } from '../../domain/instant.ts';
import type { ApiDraft } from '../../generated/answers/publishing/draft.ts';
import type { ApiDraftHead } from '../../generated/answers/publishing/draft-head.ts';
import type { ApiPublished } from '../../generated/answers/publishing/publication.ts';
import type { ApiVersionHead } from '../../generated/answers/rule-sets/version-head.ts';
import type { DraftView } from '../../use-cases/rule-sets/drafts.ts';
import type { Draft, Publication } from '../../use-cases/rule-sets/ports.ts';
import type { Published } from '../../use-cases/rule-sets/publish.ts';

/** What publishing has done, or with `dryRun` would do. */
export function toApiPublished({ version, dryRun, warnings, changes, verdict, loss }: Published): ApiPublished {
  const { id, version: number, digest } = version.ref;
  return {
    ruleSet: id,
    version: number,
    digest,
    from: formatInstant(version.from),
    ...(dryRun && { dryRun }),
    warnings,
    changes,
    ...(verdict === undefined ? {} : { scenarios: { replayed: verdict.replayed, broken: verdict.broken } }),
    ...(loss === undefined ? {} : { loss }),
  };
}

export type ApiPublication = Pick<ApiVersionHead, 'publishedAt' | 'author' | 'note' | 'rollbackTo'>;

/** Who, when and why; nulls for a version that nobody published here, such as a file put into the folder. */
export function toApiPublication(publication: Publication | undefined): ApiPublication {
  if (publication === undefined) return { publishedAt: null, author: null, note: null };
  const { publishedAt, author, note, rollbackTo } = publication;
  const back = rollbackTo === undefined ? {} : { rollbackTo };
  return { publishedAt: formatInstant(publishedAt), author, note, ...back };
}

export function toApiDraft({ draft, newest, findings }: DraftView): ApiDraft {
  return { ...toApiDraftHead(draft, newest), findings, yaml: draft.yaml };
}

export function toApiDraftHead({ ruleSet, author, base, savedAt }: Draft, newest: number): ApiDraftHead {
  return { ruleSet, author, base, savedAt: formatInstant(savedAt), outdated: base !== newest };
}
