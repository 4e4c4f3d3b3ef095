import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Log } from '../log/logger.ts';
import { exampleRulesHint } from '../package/example-rules.ts';
import { NoRules } from '../rule-sets/live-rules.ts';
import { type OpenRules, openRules } from '../rule-sets/open-rules.ts';
import { type Clock, RuleStoreUnreachable } from '../use-cases/ports.ts';
import { StartError } from './start-error.ts';

/** The rules that the configuration names, live. Throws `StartError`, with every finding where there are any. */
export async function readRules(
  { rules: folder, data, mongodbUri }: Config,
  clock: Clock,
  log: Log,
): Promise<OpenRules> {
  try {
    return await openRules({ folder, data, mongodbUri }, { log, now: () => clock.now() });
  } catch (error) {
    if (error instanceof NoRules) throw await whyNoRules(folder, error);
    if (!(error instanceof RuleStoreUnreachable)) throw error;
    if (mongodbUri === undefined && !existsSync(folder)) throw noRulesIn(folder);
    const where =
      mongodbUri === undefined ? 'PERKBOOK_RULES names the folder' : 'MONGODB_URI names where they are kept';
    throw new StartError(`the rules cannot be read: ${error.message}; ${where}`, { cause: error });
  }
}

function noRulesIn(folder: string): StartError {
  return new StartError(
    `there are no rules in \`${folder}\`; a rule set is a file such as ${folder}/my-rules/v1.yaml${exampleRulesHint()}`,
  );
}

async function whyNoRules(folder: string, { loaded: { findings, files } }: NoRules): Promise<StartError> {
  if (findings.length === 0) return noRulesIn(folder);
  const { renderFinding } = await import('../rules/load/render-finding.ts');
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const colours = process.stderr.isTTY === true;
  const shown = findings.map((finding) => renderFinding(finding, texts.get(finding.file) ?? '', colours));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return new StartError(
    `${shown.join('\n\n')}\n\nthe rules in \`${folder}\` have ${errors} ${errors === 1 ? 'error' : 'errors'}; nothing was started`,
  );
}
