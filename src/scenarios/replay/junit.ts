import type { Finding } from '../../rules/load/finding.ts';
import { renderFinding } from '../../rules/load/render-finding.ts';
import { failureText } from './failure-text.ts';
import type { CaseResult } from './results.ts';

/**
 * The results as JUnit XML: one suite for each file and door, one case for each scenario or table. A file with errors has replayed
 * nothing: it is a suite of its own with one case, an error.
 */
export function toJUnit(results: readonly CaseResult[], findings: readonly Finding[] = []): string {
  const unreadable = filesWithErrors(findings);
  const suites = new Map<string, CaseResult[]>();
  for (const result of results) {
    const name = `${result.case.file} (${result.door})`;
    const suite = suites.get(name) ?? [];
    suites.set(name, suite);
    suite.push(result);
  }
  const body = [...[...unreadable].map(unreadableXml), ...[...suites].map(([name, cases]) => suiteXml(name, cases))];
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  return `${head}\n<testsuites name="perkbook" ${counts(results, unreadable.size)}>\n${body.join('')}</testsuites>\n`;
}

function filesWithErrors(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, readonly Finding[]>();
  for (const each of findings) {
    if (each.severity === 'error') files.set(each.file, [...(files.get(each.file) ?? []), each]);
  }
  return files;
}

function unreadableXml([file, findings]: readonly [string, readonly Finding[]]): string {
  const [first] = findings;
  const text = findings.map((each) => renderFinding(each, '', false)).join('\n');
  const name = `${file} can be read`;
  return [
    `  <testsuite name="${escaped(file)}" ${counts([], 1)}>`,
    `    <testcase name="${escaped(name)}" classname="${escaped(file)}" file="${escaped(file)}" line="${first?.line ?? 1}" time="0.000">`,
    `      <error message="${escaped(first?.message ?? '')}">${escaped(text)}</error>`,
    '    </testcase>',
    '  </testsuite>',
    '',
  ].join('\n');
}

function suiteXml(name: string, results: readonly CaseResult[]): string {
  return `  <testsuite name="${escaped(name)}" ${counts(results)}>\n${results.map(caseXml).join('')}  </testsuite>\n`;
}

function caseXml(result: CaseResult): string {
  const { file, line, name, group } = result.case;
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(group)}" file="${escaped(file)}" line="${line}" time="${seconds(result.durationMs)}"`;
  switch (result.outcome) {
    case 'passed':
      return `${head}/>\n`;
    case 'skipped':
      return `${head}>\n      <skipped message="${escaped(result.why ?? '')}"/>\n    </testcase>\n`;
    case 'failed': {
      const message = result.failures.map(({ title }) => title).join('; ');
      return `${head}>\n      <failure message="${escaped(message)}">${escaped(failureText(result))}</failure>\n    </testcase>\n`;
    }
  }
}

/** `errors`: files that could not be read, each counted as one test. */
function counts(results: readonly CaseResult[], errors = 0): string {
  const of = (outcome: CaseResult['outcome']) => results.filter((each) => each.outcome === outcome).length;
  const time = results.reduce((sum, each) => sum + each.durationMs, 0);
  return `tests="${results.length + errors}" failures="${of('failed')}" errors="${errors}" skipped="${of('skipped')}" time="${seconds(time)}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};
/** What XML 1.0 cannot say, not even as an entity. */
const UNSPEAKABLE = /[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu;

function escaped(text: string): string {
  return text.replace(UNSPEAKABLE, '\uFFFD').replace(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? character);
}
