import type { Instant } from '../../../domain/instant.ts';
import type { RuleBook, RuleSet, Version } from '../../rule-set.ts';
import { ruleSetOf } from '../../rule-set-of.ts';
import { type CheckedFile, checkRuleFile, digestOf, fileFinding } from '../check-rule-file.ts';
import type { Finding } from '../finding.ts';
import { toFinding } from '../yaml/source.ts';
import { LOCK_FILE, type Lock, readLock, writeLock } from './lock.ts';
import { type RuleSetFolder, readRuleFolder, shownAs, type VersionFile } from './rule-folder.ts';
import { withSurroundings } from './surroundings.ts';

/** One version's file with all that was found in it. */
export interface LoadedFile {
  readonly ruleSet: string;
  readonly version: number;
  readonly file: string;
  /** For showing findings with their lines; absent when it could not be read. */
  readonly text?: string;
  readonly findings: readonly Finding[];
}

export interface LoadedRules {
  /** Absent when there is any error: a bad file never replaces a good one. */
  readonly book: RuleBook | undefined;
  readonly files: readonly LoadedFile[];
  /** Everything found, in the files, their locks and folders. */
  readonly findings: readonly Finding[];
}

/** One rule set wherever it is kept: its versions' texts, and the digests of those that are published. */
export interface RuleSetSource extends Pick<RuleSetFolder, 'id' | 'shown' | 'versions'> {
  readonly lock: Lock;
  /** What was found in the lock itself. */
  readonly findings: readonly Finding[];
}

/** Rule sets as they are kept, not yet understood. */
export interface RuleSources {
  readonly ruleSets: readonly RuleSetSource[];
  /** What is wrong with the place that they are kept in. */
  readonly findings: readonly Finding[];
}

/**
 * Loads every version of every rule set below a folder. `now`: to warn also of what depends on the time; absent, that is left out.
 * Throws only when the folder itself cannot be read.
 */
export async function loadRules(folder: string, now?: Instant): Promise<LoadedRules> {
  return loadSources(await readSources(folder), checkRuleFile, now);
}

/** The texts and locks below a folder. Throws only when the folder itself cannot be read. */
export async function readSources(folder: string): Promise<RuleSources> {
  const { ruleSets: folders, findings } = await readRuleFolder(folder, shownAs(folder));
  const ruleSets: RuleSetSource[] = [];
  for (const each of folders) {
    const read = await readLock(each.folder, `${each.shown}/${LOCK_FILE}`);
    if (each.versions.length > 0 || read.lock.size > 0) ruleSets.push({ ...each, ...read });
  }
  return { ruleSets, findings };
}

/** Everything that is kept, as one rule book or with all that is wrong. `check`: to remember what was checked before; `now`: see above. */
export function loadSources(
  sources: RuleSources,
  check: typeof checkRuleFile = checkRuleFile,
  now?: Instant,
): LoadedRules {
  const loaded = sources.ruleSets.map((each) => loadRuleSet(each, check, now));
  const several = twoMemberships(loaded);
  const files = loaded.flatMap((each) => each.files);
  const findings = [
    ...sources.findings,
    ...loaded.flatMap((each) => [...each.findings, ...each.files.flatMap((file) => file.findings)]),
    ...several,
  ];
  const bad = findings.some((finding) => finding.severity === 'error');
  const ruleSets = loaded.flatMap(({ ruleSet }) => (ruleSet === undefined ? [] : [ruleSet]));
  return { book: bad ? undefined : ruleBookOf(ruleSets), files, findings };
}

/** The rule sets as one immutable object, in the order of their ids. */
export function ruleBookOf(ruleSets: readonly RuleSet[]): RuleBook {
  const sorted = [...ruleSets].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ruleSetsOf = new Map<string, string[]>();
  for (const { id, versions } of sorted) {
    for (const action of new Set(versions.flatMap((version) => [...version.actions.keys()]))) {
      const owners = ruleSetsOf.get(action);
      if (owners === undefined) ruleSetsOf.set(action, [id]);
      else owners.push(id);
    }
  }
  return Object.freeze({ ruleSets: new Map(sorted.map((each) => [each.id, Object.freeze(each)])), ruleSetsOf });
}

/**
 * Records the digests of all versions that are not locked yet. Returns what was added.
 * Throws where the rules do not load: what is published must be able to judge, and stays as it is.
 */
export async function lockVersions(
  folder: string,
): Promise<readonly { readonly ruleSet: string; readonly version: number }[]> {
  const { findings } = await loadRules(folder);
  const error = findings.find((finding) => finding.severity === 'error');
  if (error !== undefined) throw new Error(`${error.file}:${error.line}:${error.column}: ${error.message}`);
  const added: { ruleSet: string; version: number }[] = [];
  for (const each of (await readRuleFolder(folder, shownAs(folder))).ruleSets) {
    const { lock } = await readLock(each.folder, `${each.shown}/${LOCK_FILE}`);
    const next = new Map(lock);
    for (const { version, text } of each.versions) {
      if (text === undefined || next.has(version)) continue;
      next.set(version, digestOf(text));
      added.push({ ruleSet: each.id, version });
    }
    if (next.size > lock.size) await writeLock(each.folder, next);
  }
  return added;
}

interface LoadedRuleSet {
  readonly files: readonly LoadedFile[];
  readonly findings: readonly Finding[];
  readonly ruleSet: RuleSet | undefined;
  /** The newest file that could be read. */
  readonly newest: CheckedFile | undefined;
}

function loadRuleSet(
  { id, shown, versions, lock, findings: ofLock }: RuleSetSource,
  check: typeof checkRuleFile,
  now: Instant | undefined,
): LoadedRuleSet {
  const findings = [...ofLock, ...missingVersions(shown, versions, lock)];
  const files: LoadedFile[] = [];
  const compiled: Version[] = [];
  let newest: CheckedFile | undefined;
  for (const { version, file, text } of versions) {
    if (text === undefined) {
      files.push({ ruleSet: id, version, file, findings: [] });
      continue;
    }
    const published = lock.get(version) === digestOf(text);
    const checked = check(text, { file, expected: { ruleSet: id, version }, published });
    const previous = compiled.at(-1);
    const found = withSurroundings(checked, text, {
      number: version,
      lock,
      isWhole: ofLock.length === 0,
      versions,
      previous,
      now,
    });
    // A version that is published never changes: a doubt about it is for the one that comes next, which has been written already.
    const isOver = published && version !== versions.at(-1)?.version;
    const findings = isOver ? found.filter(({ severity }) => severity === 'error') : found;
    files.push({ ruleSet: id, version, file, text, findings });
    newest = checked;
    if (checked.version !== undefined) compiled.push(checked.version);
  }
  const ruleSet = compiled.length === versions.length && compiled.length > 0 ? ruleSetOf(id, compiled) : undefined;
  return { files, findings, ruleSet, newest };
}

/** Gaps in the numbers, and published versions whose file is gone: decisions about the past need them. */
function missingVersions(shown: string, versions: readonly VersionFile[], lock: Lock): readonly Finding[] {
  const there = new Set(versions.map((each) => each.version));
  const newest = Math.max(0, ...there);
  const findings: Finding[] = [];
  for (let number = 1; number < newest; number++) {
    if (there.has(number)) continue;
    const message = `version ${number} is missing: versions are numbered 1, 2, 3 without a gap`;
    findings.push(fileFinding(`${shown}/v${number}.yaml`, 'missing_version', message));
    // One gap is enough to tell; a number with many digits would make many.
    break;
  }
  for (const number of lock.keys()) {
    if (there.has(number) || findings.some((each) => each.file === `${shown}/v${number}.yaml`)) continue;
    const message = `version ${number} has been published, and its file is gone: bring it back`;
    findings.push(fileFinding(`${shown}/v${number}.yaml`, 'missing_version', message));
  }
  return findings;
}

/** One membership per deployment: with two nobody could say which tier a member has. */
function twoMemberships(loaded: readonly LoadedRuleSet[]): readonly Finding[] {
  const withTiers = loaded.flatMap(({ ruleSet, newest }) =>
    ruleSet?.versions.some((version) => version.tiers.length > 0) === true && newest !== undefined
      ? [{ id: ruleSet.id, newest }]
      : [],
  );
  return withTiers.slice(1).flatMap(({ id, newest }) => {
    const message = `\`${id}\` has tiers, and so has \`${withTiers[0]?.id}\`: only one rule set may be a membership`;
    const { source } = newest;
    return source === undefined
      ? []
      : [toFinding(source, { code: 'two_memberships', message, path: ['tiers'], atKey: true })];
  });
}
