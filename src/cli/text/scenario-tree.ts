import { failureText } from '../../scenarios/replay/failure-text.ts';
import type { CaseResult } from '../../scenarios/replay/results.ts';
import type { Colours } from '../frame/terminal.ts';

/** Passed and failed by file, below each failure what was expected beside what was answered, and why; the counts last. */
export function scenarioTree(results: readonly CaseResult[], colours: Colours): string {
  const lines: string[] = [];
  let file = '';
  for (const result of results) {
    if (result.case.file !== file) {
      file = result.case.file;
      lines.push(`${colours.bold(result.case.group)}${result.case.group === file ? '' : colours.dim(`  ${file}`)}`);
    }
    lines.push(...resultLines(result, colours));
  }
  return `${[...lines, countText(results)].join('\n')}\n`;
}

function resultLines(result: CaseResult, colours: Colours): readonly string[] {
  const { name } = result.case;
  switch (result.outcome) {
    case 'passed':
      return [`  ${colours.green('✓')} ${name}`];
    case 'skipped':
      return [colours.dim(`  – ${name}: skipped, ${result.why ?? ''}`)];
    case 'failed':
      return [
        `  ${colours.red('✗')} ${name}`,
        ...failureText(result)
          .split('\n')
          .map((line) => `    ${line}`.trimEnd()),
      ];
  }
}

function countText(results: readonly CaseResult[]): string {
  const of = (outcome: CaseResult['outcome']) => results.filter((each) => each.outcome === outcome).length;
  const checked = results.reduce((sum, each) => sum + each.checked, 0);
  return `${of('passed')} passed, ${of('failed')} failed, ${of('skipped')} skipped; ${checked} answers compared`;
}
