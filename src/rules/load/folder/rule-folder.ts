import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileFinding, LARGEST_FILE } from '../check-rule-file.ts';
import type { Finding } from '../finding.ts';

/** A version's file as it lies in its folder. */
export interface VersionFile {
  readonly version: number;
  /** As findings name it: the folder that was asked for and what lies in it. */
  readonly file: string;
  /** Absent when it could not be read; a finding says why. */
  readonly text?: string;
}

/** A folder of versions. */
export interface RuleSetFolder {
  readonly id: string;
  readonly folder: string;
  readonly shown: string;
  /** In the order of their numbers. */
  readonly versions: readonly VersionFile[];
}

export interface RuleFolder {
  readonly ruleSets: readonly RuleSetFolder[];
  readonly findings: readonly Finding[];
}

const VERSION = /^v([1-9]\d{0,5})\.yaml$/;
/** What was most likely meant as a version. */
const NEARLY = /^v(?:ersion)?[-_. ]?(\d+)\.ya?ml$/i;
const YAML = /\.ya?ml$/i;
/** What publishing writes beside the versions. */
const BESIDE = /^(?:history|v[1-9]\d*\.scenarios)\.yaml$/;

/** Reads `<rule set>/v<N>.yaml` below a folder. `shown`: how findings name the folder. Throws when it is not there. */
export async function readRuleFolder(folder: string, shown: string): Promise<RuleFolder> {
  const findings: Finding[] = [];
  const root = await realpath(folder);
  const ruleSets: RuleSetFolder[] = [];
  const strays: Finding[] = [];
  for (const name of await namesIn(root)) {
    const place = join(root, name);
    const named = join(shown, name);
    const inside = await insideOf(root, place, named, findings);
    if (inside === undefined) continue;
    if (!(await stat(inside)).isDirectory()) {
      if (YAML.test(name))
        strays.push(
          misnamed(named, 'this file is not read: a version lies in the folder of its rule set, `my-rule-set/v1.yaml`'),
        );
      continue;
    }
    const versions = await readVersions(root, place, named, findings);
    ruleSets.push({ id: name, folder: place, shown: named, versions });
  }
  const inPlace = strays.find(({ file }) => VERSION.test(basename(file)));
  if (inPlace !== undefined && ruleSets.every(({ versions }) => versions.length === 0)) {
    const message = `\`${shown}\` is the folder of one rule set: name the one above it, \`${shownAs(dirname(root))}\`, as the folder of the rules`;
    return { ruleSets, findings: [...findings, fileFinding(inPlace.file, 'wrong_folder', message)] };
  }
  return { ruleSets, findings: [...findings, ...strays] };
}

async function readVersions(
  root: string,
  folder: string,
  shown: string,
  findings: Finding[],
): Promise<readonly VersionFile[]> {
  const versions: VersionFile[] = [];
  const names = await namesIn(folder);
  if (names.length === 0)
    findings.push(
      fileFinding(shown, 'no_version', 'this folder is empty: a rule set begins with `v1.yaml`, or is no folder'),
    );
  for (const name of names) {
    const file = join(shown, name);
    const version = Number(VERSION.exec(name)?.[1]);
    if (Number.isNaN(version)) {
      const number = NEARLY.exec(name)?.[1];
      const called = number === undefined ? 'v1.yaml`, the next one `v2.yaml`' : `v${Number(number)}.yaml\``;
      if (YAML.test(name) && !BESIDE.test(name))
        findings.push(misnamed(file, `this file is not read: a version is called \`${called}`));
      continue;
    }
    const inside = await insideOf(root, join(folder, name), file, findings);
    if (inside === undefined) continue;
    const text = await readText(inside, file, findings);
    versions.push({ version, file, ...(text === undefined ? {} : { text }) });
  }
  return versions.sort((a, b) => a.version - b.version);
}

async function readText(path: string, file: string, findings: Finding[]): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) {
      findings.push(fileFinding(file, 'too_large', 'this file is larger than 4 MiB'));
      return undefined;
    }
    // The mark at the beginning is kept, so that the text has the bytes of the file.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    const isText = error instanceof TypeError;
    const message = isText
      ? 'this file is not UTF-8: save it as UTF-8'
      : `this file cannot be read: ${(error as Error).message}`;
    findings.push(fileFinding(file, 'unreadable', message));
    return undefined;
  }
}

/** In the order of their names; hidden ones belong to tools. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}

/** Where a place really is, unless that is outside of the folder of the rules. */
async function insideOf(root: string, place: string, file: string, findings: Finding[]): Promise<string | undefined> {
  const real = await realpath(place).catch(() => undefined);
  if (real?.startsWith(root + sep) === true) return real;
  const message =
    real === undefined
      ? 'this link leads nowhere, and is not followed'
      : `this link leads out of the folder of the rules, and is not followed`;
  findings.push(fileFinding(file, 'outside_folder', message));
  return undefined;
}

function misnamed(file: string, message: string): Finding {
  return fileFinding(file, 'misnamed_file', message);
}

/** A folder as findings show it: short when it is below the working directory. */
export function shownAs(folder: string, cwd = process.cwd()): string {
  const near = relative(cwd, folder);
  return near === '' ? '.' : near.startsWith('..') ? folder : near;
}
