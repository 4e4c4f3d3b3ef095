import { resolve } from 'node:path';
import { ownVersion } from '../../package/own-version.ts';
import type { Finding } from '../../rules/load/finding.ts';
import { sourceOf } from '../desk/local-rules.ts';
import { settingsOf } from '../desk/settings.ts';
import { checkPaths } from '../files/check-paths.ts';
import { command } from '../frame/command.ts';
import type { ExitCode } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';
import type { Terminal } from '../frame/terminal.ts';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
type Format = (typeof FORMATS)[number];

export const validate = command({
  usage: 'validate [files-or-folders…]',
  says: 'Checks rule files and shows everything that is wrong with them, with its place. Without a path: the rules in PERKBOOK_RULES (rules).',
  options: {
    format: { type: 'string', value: '<format>', says: `${FORMATS.join(', ')} (default: text)` },
    json: { type: 'boolean', says: 'the same as --format json' },
    strict: { type: 'boolean', says: 'warnings fail too' },
  },
  example: 'perkbook validate rules/pixai-membership/v1.yaml',
  notes: 'sarif is SARIF 2.1.0 for code scanning; github are annotations for a workflow of GitHub Actions.',
  run: async ({ options, words }, terminal) => {
    const format = options.json ? 'json' : oneOf('format', options.format ?? 'text', FORMATS);
    const { rules } = settingsOf(terminal);
    const checked = await checkPaths(words.length === 0 ? [rules] : words, resolve(rules));
    await write(format, checked.findings, checked.files, terminal);
    const failing = checked.findings.some(({ severity }) => severity === 'error' || options.strict);
    return (failing ? 1 : 0) satisfies ExitCode;
  },
});

async function write(format: Format, findings: readonly Finding[], files: number, terminal: Terminal): Promise<void> {
  const errors = findings.filter((each) => each.severity === 'error').length;
  const warnings = findings.length - errors;
  const counts = `${counted(files, 'file')}, ${counted(errors, 'error')}, ${counted(warnings, 'warning')}\n`;
  switch (format) {
    case 'json':
      terminal.out(`${JSON.stringify({ ok: errors === 0, files, errors, warnings, findings }, undefined, 2)}\n`);
      return;
    case 'sarif': {
      const { sarifOf } = await import('../text/finding-formats.ts');
      terminal.out(`${JSON.stringify(sarifOf(findings, ownVersion()), undefined, 2)}\n`);
      return;
    }
    case 'github': {
      const { githubAnnotation } = await import('../text/finding-formats.ts');
      for (const finding of findings) terminal.out(`${githubAnnotation(finding)}\n`);
      terminal.out(counts);
      return;
    }
    case 'text': {
      const { renderFinding } = await import('../../rules/load/render-finding.ts');
      const texts = new Map<string, string>();
      for (const finding of findings) {
        const text = texts.get(finding.file) ?? sourceOf(finding.file);
        texts.set(finding.file, text);
        terminal.out(`${renderFinding(finding, text, terminal.colours.isColorSupported)}\n\n`);
      }
      terminal.out(counts);
    }
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
