import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RuleStoreUnreachable } from '../../use-cases/ports.ts';
import type { Draft, DraftStore } from '../../use-cases/rule-sets/ports.ts';
import { replaceFile } from './write-file-atomically.ts';

/** Drafts in a folder: `<rule set>/<author>.json`. INVARIANT: ids of rule sets are kebab-case, so no path leads out of it. */
export function folderDrafts(folder: string): DraftStore {
  // Percent-encoded, with an ending, an author's name is a plain file name whatever it is; folders of drafts tell apart upper case only where the disk does.
  const fileOf = (ruleSet: string, author: string) => join(folder, ruleSet, `${encodeURIComponent(author)}.json`);
  return {
    get: (ruleSet, author) => reachable(() => readDraft(fileOf(ruleSet, author))),
    list: (ruleSet) =>
      reachable(async () => {
        const names = await readdir(join(folder, ruleSet)).catch(orNothing([]));
        const files = names.filter((name) => name.endsWith('.json')).sort();
        const drafts = await Promise.all(files.map((name) => readDraft(join(folder, ruleSet, name))));
        return drafts.filter((draft) => draft !== undefined);
      }),
    put: (draft) => reachable(() => replaceFile(fileOf(draft.ruleSet, draft.author), JSON.stringify(draft))),
    delete: (ruleSet, author) => reachable(() => rm(fileOf(ruleSet, author)).then(() => true, orNothing(false))),
  };
}

async function readDraft(file: string): Promise<Draft | undefined> {
  const text = await readFile(file, 'utf8').catch(orNothing(undefined));
  // Written by us as a whole, so what is there is a draft.
  return text === undefined ? undefined : (JSON.parse(text) as Draft);
}

/** What a file that is not there counts as. */
function orNothing<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return nothing;
    throw error;
  };
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RuleStoreUnreachable(`the drafts cannot be read or written: ${reason}`, { cause });
  }
}
