import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import type { Finding } from '../../rules/load/finding.ts';
import { WrongUse } from '../frame/errors.ts';

export interface CheckedPaths {
  readonly findings: readonly Finding[];
  /** How many rule files were looked at. */
  readonly files: number;
}

const VERSION = /^v[1-9]\d*\.yaml$/;

/**
 * Checks rule files, the files of one rule set, or a whole folder of rule sets. `rules`: the folder of the rules in force: what lies in it
 * is checked in its place, beside its lock and its neighbours; anything else is a draft, and says of itself what it likes.
 */
export async function checkPaths(paths: readonly string[], rules: string): Promise<CheckedPaths> {
  const all: CheckedPaths[] = [];
  for (const path of paths) all.push(await checkPath(path, rules));
  return { findings: all.flatMap(({ findings }) => findings), files: all.reduce((sum, { files }) => sum + files, 0) };
}

async function checkPath(path: string, rules: string): Promise<CheckedPaths> {
  const isFile = statOf(path).isFile();
  const isDraft = isFile && !VERSION.test(basename(path));
  if (!isDraft && resolve(path).startsWith(rules + sep)) return within(path, await checkFolder(rules), isFile);
  if (isFile) return checkDrafts([path]);
  const here = yamlFiles(path);
  // One stray file beside the folders of the rule sets must not hide these.
  const isOneRuleSet = here.length > 0 && resolve(path) !== rules && !hasRuleSets(path);
  return isOneRuleSet ? checkDrafts(here) : checkFolder(path);
}

function hasRuleSets(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(
    (each) => each.isDirectory() && readdirSync(join(folder, each.name)).some((name) => VERSION.test(name)),
  );
}

async function checkDrafts(files: readonly string[]): Promise<CheckedPaths> {
  const { checkRuleFile } = await import('../../rules/load/check-rule-file.ts');
  const findings = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (isScenarioFile(text))
      throw new WrongUse(`\`${file}\` is a scenario file: \`perkbook test ${file}\` checks and replays it`);
    return checkRuleFile(text, { file }).findings;
  });
  return { findings, files: files.length };
}

/** A rule file says its format first, and has no stories. */
function isScenarioFile(text: string): boolean {
  return /^(?:scenarios|tables):/m.test(text) && !/^format:/m.test(text);
}

async function checkFolder(folder: string): Promise<CheckedPaths> {
  const { loadRules } = await import('../../rules/load/folder/load-rules.ts');
  const { files, findings } = await loadRules(folder, Date.now());
  if (files.length === 0 && findings.length === 0) {
    throw new WrongUse(`there is no rule file in \`${folder}\`; they are called \`<rule-set>/v1.yaml\``);
  }
  return { findings, files: files.length };
}

/** Of all that was checked, what is about this file or folder. */
function within(path: string, { findings }: CheckedPaths, isFile: boolean): CheckedPaths {
  const place = resolve(path);
  const files = isFile ? 1 : yamlFiles(path).length;
  const isInside = (file: string) => resolve(file) === place || resolve(file).startsWith(place + sep);
  return { findings: findings.filter((each) => isInside(each.file)), files };
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new WrongUse(`there is no file or folder \`${path}\``, undefined, { cause });
  }
}
