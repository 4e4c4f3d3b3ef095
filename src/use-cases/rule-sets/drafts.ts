import { Problem } from '../../domain/problem.ts';
import type { Finding } from '../../rules/load/finding.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { newestNumber, versionOf } from './newest.ts';
import type { Draft, PublishingPorts } from './ports.ts';
import { validate } from './validate.ts';

/** A draft as somebody sees it who goes on working on it. */
export interface DraftView {
  readonly draft: Draft;
  /** The newest version: a draft made from an older one cannot be published as it is. */
  readonly newest: number;
  /** What is wrong with it so far. */
  readonly findings: readonly Finding[];
}

/** Throws `unknown_draft` (404). */
export async function getDraft(ports: PublishingPorts, ruleSet: string, author: string): Promise<DraftView> {
  const draft = await ports.drafts.get(ruleSet, author);
  if (draft === undefined) throw noDraft(ruleSet, author);
  return viewOf(ports, draft);
}

export function listDrafts({ drafts }: PublishingPorts, ruleSet: string): Promise<readonly Draft[]> {
  return drafts.list(ruleSet);
}

/**
 * Saves whatever text it is. `base`: the version that it was made from; left out, it stays as it was saved first, so that saving
 * again never hides that somebody else has published. Throws `unknown_version` (404) for a base that is not there.
 */
export async function putDraft(
  ports: PublishingPorts,
  { ruleSet, author, yaml, base }: Pick<Draft, 'ruleSet' | 'author' | 'yaml'> & { readonly base: number | undefined },
): Promise<DraftView & { readonly created: boolean }> {
  const old = await ports.drafts.get(ruleSet, author);
  const newest = newestNumber(ports.live.book, ruleSet);
  if (base !== undefined && base > newest) {
    throw new Problem('unknown_version', `\`${ruleSet}\` has no version \`${base}\`; the newest is ${newest}`, {
      field: '/base',
    });
  }
  // Left out, the base stays what it was saved with first, also where its number has come to name something else.
  const kept = base === undefined && old !== undefined ? old : undefined;
  const number = base ?? newest;
  const draft: Draft = {
    ruleSet,
    author,
    yaml,
    base: kept?.base ?? number,
    baseDigest: kept === undefined ? digestOf(ports.live.book, ruleSet, number) : kept.baseDigest,
    savedAt: ports.clock.now(),
  };
  await ports.drafts.put(draft);
  return { ...viewOf(ports, draft), created: old === undefined };
}

/** Throws `unknown_draft` (404). */
export async function deleteDraft({ drafts }: PublishingPorts, ruleSet: string, author: string): Promise<void> {
  if (!(await drafts.delete(ruleSet, author))) throw noDraft(ruleSet, author);
}

function digestOf(book: RuleBook, ruleSet: string, version: number): string | null {
  return versionOf(book, ruleSet, version)?.ref.digest ?? null;
}

export function noDraft(ruleSet: string, author: string): Problem {
  return new Problem('unknown_draft', `\`${author}\` has no draft of \`${ruleSet}\``);
}

function viewOf({ live }: PublishingPorts, draft: Draft): DraftView {
  return {
    draft,
    newest: newestNumber(live.book, draft.ruleSet),
    findings: validate(live.book, draft.ruleSet, draft.yaml),
  };
}
