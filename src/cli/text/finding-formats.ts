import { FINDING_CODES, type Finding, sentenceOf } from '../../rules/load/finding.ts';

/** How `findings` are written for other programs. `version`: of this program. */
export function sarifOf(findings: readonly Finding[], version: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'perkbook',
            version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: code.replaceAll('_', ' ') },
              defaultConfiguration: { level: FINDING_CODES[code] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: finding.severity,
          message: { text: sentenceOf(finding) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(finding.file) },
                region: { startLine: finding.line, startColumn: finding.column },
              },
            },
          ],
        })),
      },
    ],
  };
}

/** A relative path as a URI reference: each step encoded, a first step with a colon kept from being a scheme. */
function uriOf(file: string): string {
  const encoded = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}

/** A workflow command of GitHub Actions, which shows the finding at its line: `::error file=…,line=…,col=…::message`. */
export function githubAnnotation(finding: Finding): string {
  const { severity, file, line, column, code } = finding;
  const properties = Object.entries({ file, line, col: column, title: code })
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
    .join(',');
  return `::${severity} ${properties}::${escapedMessage(sentenceOf(finding))}`;
}

function escapedMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
