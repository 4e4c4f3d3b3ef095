import { Problem } from '../../domain/problem.ts';
import { checkRuleFile } from '../../rules/load/check-rule-file.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { invalidRuleSet } from './candidate.ts';
import { noDraft } from './drafts.ts';
import { requireNewest } from './expected-version.ts';
import { newestNumber, soundBook, versionOf } from './newest.ts';
import type { Draft, PublishingPorts } from './ports.ts';
import { type Published, type PublishRequest, publish } from './publish.ts';
import { threeWay } from './three-way.ts';

export type PublishDraftRequest = Omit<PublishRequest, 'yaml' | 'expected'> & {
  /** Whose draft. */
  readonly of: string;
  /** The newest version that the caller knows, where it says so. */
  readonly expected: number | undefined;
};

/**
 * Publishes a draft and takes it away. Throws `unknown_draft` (404), and `outdated_draft` (409) with what both sides have changed
 * where it was made from an older version than the newest.
 */
export async function publishDraft(ports: PublishingPorts, request: PublishDraftRequest): Promise<Published> {
  const { ruleSet, of, expected } = request;
  const draft = await ports.drafts.get(ruleSet, of);
  if (draft === undefined) throw noDraft(ruleSet, of);
  const book = soundBook(await ports.live.refresh());
  if (expected !== undefined) requireNewest(book, ruleSet, expected);
  requireUpToDate(book, draft);
  const published = await publish(ports, { ...request, yaml: draft.yaml, expected: draft.base }).catch(
    (error: unknown) => {
      // Somebody was faster by a moment: told in the same way as by an hour.
      if (error instanceof Problem && error.code === 'stale_version') requireUpToDate(ports.live.book, draft);
      throw error;
    },
  );
  if (!published.dryRun) {
    await ports.drafts.delete(ruleSet, of).catch((error: unknown) => {
      ports.log({
        level: 'warn',
        message: `the draft of a published version is left over: ${String(error)}`,
        ruleSet,
        author: of,
      });
    });
  }
  return published;
}

function requireUpToDate(book: RuleBook, draft: Draft): void {
  const newest = newestNumber(book, draft.ruleSet);
  const digest = versionOf(book, draft.ruleSet, newest)?.ref.digest ?? null;
  if (draft.base === newest && draft.baseDigest === digest) return;
  const [from, to] = [versionOf(book, draft.ruleSet, draft.base), versionOf(book, draft.ruleSet, newest)];
  const { version: mine, findings } = checkRuleFile(draft.yaml, {
    file: `${draft.ruleSet}.yaml`,
    expected: { ruleSet: draft.ruleSet },
  });
  if (mine === undefined) throw invalidRuleSet(findings);
  const diff = from === undefined || to === undefined ? null : threeWay(from, mine, to);
  const conflicts = diff?.conflicts.length ?? 0;
  const both =
    conflicts === 0
      ? 'the two do not conflict'
      : `they conflict in ${conflicts} ${conflicts === 1 ? 'place' : 'places'}`;
  throw new Problem(
    'outdated_draft',
    `the draft was made from ${draft.base === newest ? `another version ${newest}, which was withdrawn` : `version ${draft.base}, and the newest is ${newest}`}; ${both}, see \`diff\`: bring it up to date and save it with \`base=${newest}\``,
    { more: { newest, diff } },
  );
}
