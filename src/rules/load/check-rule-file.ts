import { createHash } from 'node:crypto';
import type { RuleFile } from '../../generated/rule-file.ts';
import { compileVersion } from '../compile/compile.ts';
import type { Version } from '../rule-set.ts';
import {
  type Finding,
  type FindingCode,
  type Path,
  type Problem,
  pointerOf,
  type Report,
  severityOf,
} from './finding.ts';
import type { Expected } from './lint/head.ts';
import { lint } from './lint/lint.ts';
import { type Recovered, withoutBroken } from './shape/recover.ts';
import { checkShape, type Shaped } from './shape/shape.ts';
import { at, deepFreeze, remove } from './shape/tree.ts';
import { reportDoubtfulText } from './yaml/doubtful-text.ts';
import { parseYaml } from './yaml/parse-yaml.ts';
import { type Source, toFinding } from './yaml/source.ts';
import { toData } from './yaml/to-data.ts';

/** 4 MiB: room for 10,000 perks. */
export const LARGEST_FILE = 4 * 1024 * 1024;

/** More would not be read, and must not fill an answer. */
const MOST_FINDINGS = 500;
/** Where so much is wrong, the search for more ends: each finding costs, most of all the search for what was meant. */
const MOST_ERRORS = 1_000;

export interface CheckOptions {
  /** The name that findings give the file. */
  readonly file: string;
  /** What the file must say of itself. Absent: whatever it says is right. */
  readonly expected?: Expected;
  /** Its digest is the one in the lock. The whole check does not care; `readPublished` is for whoever does. */
  readonly published?: boolean;
}

export interface CheckedFile {
  /** Everything that is wrong or doubtful, in the order of the text; before it what keeps a part of it from being read. */
  readonly findings: readonly Finding[];
  /** Absent when one of the findings is an error. */
  readonly version?: Version;
  /** Makes a finding about the file out of what only its surroundings know. Absent when it could not be read as YAML. */
  readonly source?: Source | undefined;
}

/** The digest of a rule file, of its bytes as they are. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

/** Parse, schema, lint, compile: the text of a rule file to a version that can judge, or to all that is wrong with it. Never throws. */
export function checkRuleFile(text: string, { file, expected }: CheckOptions): CheckedFile {
  const problems: Problem[] = [];
  let errors = 0;
  const report = (problem: Problem): void => {
    problems.push(problem);
    if (severityOf(problem.code) === 'error' && ++errors > MOST_ERRORS) throw new Enough();
  };
  if (Buffer.byteLength(text, 'utf8') > LARGEST_FILE) {
    return { findings: [fileFinding(file, 'too_large', 'this file is larger than 4 MiB')] };
  }
  const { source, lost } = readYaml(text, file, report);
  if (source === undefined)
    return { findings: problems.map((problem) => fileFinding(file, problem.code, problem.message)) };
  // Where the YAML is broken and nobody can tell how far, the rest of the tree is a guess.
  if (lost === 'all') return { findings: findingsOf(source, problems), source };
  const shaped = judge(source, lost, report, expected);
  const findings = findingsOf(source, problems);
  if (shaped === undefined || findings.some((finding) => finding.severity === 'error')) return { findings, source };
  // INVARIANT: without an error nothing has been taken out, so the draft is the whole file.
  const whole = deepFreeze(shaped.file) as RuleFile;
  return { findings, source, version: compileVersion(whole, { yaml: text, digest: digestOf(text) }) };
}

/** Thrown by `report`, caught here: enough is known to be wrong. */
class Enough extends Error {}

/** As often a part that is no YAML is taken out, and the rest looked at. */
const MOST_LOST = 20;

/** The file as a tree, without the parts that are no YAML: each is reported, and hides nothing that is wrong elsewhere. */
function readYaml(
  text: string,
  file: string,
  report: Report,
): { readonly source: Source | undefined; readonly lost: readonly Path[] | 'all' } {
  const lost: Path[] = [];
  const attempt = (rest: string) => {
    const problems: Problem[] = [];
    return { source: parseYaml(rest, file, (problem) => problems.push(problem)), problems };
  };
  let { source, problems } = attempt(text);
  const said = new Set<number>();
  let parts = 0;
  for (let rest = text; ; ) {
    for (const problem of problems) {
      if (!said.has(problem.offset ?? 0)) report(problem);
      said.add(problem.offset ?? 0);
    }
    const [first] = problems;
    if (first === undefined || source === undefined) return { source, lost };
    if (++parts > MOST_LOST || !IN_ONE_PLACE.has(first.code)) return { source, lost: 'all' };
    const offset = first.offset ?? 0;
    const next = withoutBroken(rest, offset)
      .map((part) => ({ part, ...attempt(part.text) }))
      .find(({ part, problems: [other] }) => isElsewhere(other, part));
    if (next === undefined) return { source, lost: 'all' };
    lost.push(...next.part.paths);
    rest = next.part.text;
    ({ source, problems } = next);
  }
}

const IN_ONE_PLACE: ReadonlySet<FindingCode> = new Set([
  'yaml_syntax',
  'tab',
  'text_needs_quotes',
  'bad_alias',
  'custom_tag',
]);

/** Whether what is still wrong comes after the part that was taken out, and not because of it. */
function isElsewhere(other: Problem | undefined, { to }: Recovered): boolean {
  return other === undefined || (other.offset ?? 0) > to + 1;
}

function judge(
  source: Source,
  lost: readonly Path[],
  report: Report,
  expected: Expected | undefined,
): Shaped | undefined {
  try {
    const read = toData(source, report);
    for (const path of lost) {
      read.broken.add(pointerOf(path));
      const [section = ''] = path;
      if (at(read.data, [section]) !== null) continue;
      // Nothing but the lost entry was in it.
      read.broken.add(pointerOf([section]));
      remove(read.data, [section]);
    }
    reportDoubtfulText(source, report);
    const shaped = checkShape(read, source, report);
    if (!shaped.hopeless) lint(shaped, source, report, expected);
    return shaped;
  } catch (error) {
    if (error instanceof Enough) return undefined;
    throw error;
  }
}

function findingsOf(source: Source, problems: readonly Problem[]): readonly Finding[] {
  // Errors first, so that no crowd of warnings hides one.
  const kept = [...problems].sort((a, b) => Number(isWarning(a)) - Number(isWarning(b))).slice(0, MOST_FINDINGS);
  const findings = unique(kept.map((problem) => toFinding(source, problem))).sort(
    (a, b) => Number(isUnreadable(b)) - Number(isUnreadable(a)) || a.line - b.line || a.column - b.column,
  );
  if (kept.length === problems.length) return findings;
  const message = `there is more to say than these ${MOST_FINDINGS}: see to them first`;
  return [...findings, toFinding(source, { code: 'too_many_findings', message, path: [] })];
}

/** One cause may show several times in one place: an echo that is missing in each of a perk's actions. */
function unique(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map((each) => [`${each.line}:${each.column} ${each.code} ${each.path} ${each.message}`, each]),
    ).values(),
  ];
}

/** Whatever else is said may follow from it. */
function isUnreadable({ code }: Finding): boolean {
  return IN_ONE_PLACE.has(code);
}

function isWarning({ code }: Problem): boolean {
  return severityOf(code) === 'warning';
}

/** A finding about a file as a whole. */
export function fileFinding(file: string, code: FindingCode, message: string): Finding {
  return { severity: severityOf(code), code, message, file, line: 1, column: 1, path: '' };
}
