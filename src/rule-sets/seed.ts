import { loadSources, type RuleSources } from '../rules/load/folder/load-rules.ts';
import type { RuleBook, RuleSet } from '../rules/rule-set.ts';
import type { NewVersion, Publication, StoredRules } from '../use-cases/rule-sets/ports.ts';
import { folderStore } from './folder/folder-store.ts';
import { type LiveRulesOptions, NoRules } from './live-rules.ts';
import type { MongoRuleSets } from './mongo/mongo-rule-sets.ts';

const DOES_NOT_FIT = 'the rule set of the folder does not go with those in MongoDB, and was not put there';
const IS_OTHER = 'the folder has other versions than MongoDB, whose versions are in force: publish what is to change';

/**
 * Puts the rule sets of the folder into MongoDB that it does not know yet, each with all its versions. INVARIANT: a rule set that it
 * knows is never touched, whatever the folder has: an old folder must not bring back what was withdrawn. Where the two differ it is
 * logged. Throws `NoRules` when MongoDB has none and the folder cannot give any.
 */
export async function seedFromFolder(mongo: MongoRuleSets, folder: string, { log }: LiveRulesOptions): Promise<void> {
  const known = await mongo.read();
  const inFolder = await usableFolder(folder, known, log);
  if (inFolder === undefined) return;
  const { kept, book } = inFolder;
  for (const ruleSet of book.ruleSets.values()) {
    if (!fits(ruleSet.id, kept, known)) {
      log({ level: 'warn', message: DOES_NOT_FIT, ruleSet: ruleSet.id, folder });
      continue;
    }
    const seeded = await mongo.seed(ruleSet.id, newVersions(ruleSet, kept));
    if (seeded) log({ level: 'info', message: 'the rule set was put into MongoDB', ruleSet: ruleSet.id });
    else if (!isSame(ruleSet, known)) log({ level: 'warn', message: IS_OTHER, ruleSet: ruleSet.id, folder });
  }
}

/** What MongoDB would have after that; nothing is written. Throws `NoRules` likewise. */
export async function asIfSeeded(
  known: StoredRules,
  folder: string,
  { log }: Pick<LiveRulesOptions, 'log'>,
): Promise<RuleSources> {
  const inFolder = await usableFolder(folder, known, log);
  if (inFolder === undefined) return known;
  const { kept, book } = inFolder;
  for (const ruleSet of book.ruleSets.values())
    if (!isSame(ruleSet, known)) log({ level: 'warn', message: IS_OTHER, ruleSet: ruleSet.id, folder });
  const isKnown = (id: string) => known.ruleSets.some((each) => each.id === id);
  const added = kept.ruleSets.filter(({ id }) => !isKnown(id) && fits(id, kept, known));
  return { ruleSets: [...known.ruleSets, ...added], findings: known.findings };
}

/** The rule sets of the folder; undefined, and logged, where they cannot be used and those in MongoDB can. */
async function usableFolder(
  folder: string,
  known: StoredRules,
  log: LiveRulesOptions['log'],
): Promise<{ readonly kept: StoredRules; readonly book: RuleBook } | undefined> {
  const isEmpty = known.ruleSets.length === 0;
  const kept = await folderStore(folder)
    .read()
    .catch((error: unknown) => {
      if (isEmpty) throw error;
      log({ level: 'info', message: 'there is no folder of rules; those in MongoDB are in force', folder });
    });
  if (kept === undefined) return undefined;
  const loaded = loadSources(kept);
  if (loaded.book !== undefined) return { kept, book: loaded.book };
  if (isEmpty) throw new NoRules(loaded);
  log({ level: 'warn', message: 'the folder of rules has errors; those in MongoDB are in force', folder });
  return undefined;
}

/** INVARIANT: what is put into MongoDB never stops what is there from loading: a second membership would. */
function fits(id: string, kept: StoredRules, known: StoredRules): boolean {
  const others = known.ruleSets.filter((each) => each.id !== id);
  const own = kept.ruleSets.filter((each) => each.id === id);
  return others.length === 0 || loadSources({ ruleSets: [...others, ...own], findings: [] }).book !== undefined;
}

function newVersions({ id, versions }: RuleSet, { history }: StoredRules): readonly NewVersion[] {
  const publishedAt = Date.now();
  return versions.map(({ ref: { version, digest }, yaml, from }) => {
    const unknown: Publication = { version, digest, author: 'unknown', publishedAt, note: 'from the folder of rules' };
    const publication = history.get(id)?.find((each) => each.version === version) ?? unknown;
    return { ruleSet: id, publication, yaml, from };
  });
}

/** Two that seed at once: the other one has put the same. */
function isSame({ id, versions }: RuleSet, known: StoredRules): boolean {
  const lock = known.ruleSets.find((each) => each.id === id)?.lock;
  return (
    lock === undefined ||
    (lock.size === versions.length && versions.every(({ ref }) => lock.get(ref.version) === ref.digest))
  );
}
