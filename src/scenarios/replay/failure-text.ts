import type { CaseResult, Difference, StepFailure } from './results.ts';

const NOTHING = '–';

/**
 * What failed, for people: each step with what was expected beside what was answered, and why it was answered so.
 *
 *     fixtures/free-training.yaml:14 2026-11-05 10:00 anna: ask lora.train_free
 *                    expected  actual
 *       decision     allow     deny
 *       reason.code  –         quota_used_up
 *       why:
 *         ✗ free_lora_training.quota_used_up: 4 <= 3 does not hold (Starter)
 */
export function failureText({ case: { file }, failures }: CaseResult): string {
  return failures.map((failure) => stepText(file, failure)).join('\n\n');
}

function stepText(file: string, { line, title, differences, explanation }: StepFailure): string {
  const why = explanation.length === 0 ? [] : ['  why:', ...explanation.map((each) => `    ${each}`)];
  return [`${file}:${line} ${title}`, ...sideBySide(differences).map((each) => `  ${each}`), ...why].join('\n');
}

function sideBySide(differences: readonly Difference[]): readonly string[] {
  const rows = [
    ['', 'expected', 'actual'],
    ...differences.map(({ path, expected, actual }) => [path, shown(expected), shown(actual)]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A value on one line, as a scenario file has it. */
export function shown(value: unknown): string {
  if (value === undefined) return NOTHING;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, each]) => `${key}: ${shown(each)}`)
    .join(', ')}}`;
}
