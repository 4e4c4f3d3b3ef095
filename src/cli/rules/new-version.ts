import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Instant, meantInstant, parseInstant } from '../../domain/instant.ts';
import { POLICIES } from '../../rules/rule-set.ts';
import { newestOf, versionFiles } from '../files/version-files.ts';
import { command } from '../frame/command.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';
import { orWrongUse } from '../frame/or-wrong-use.ts';

export const newVersion = command({
  usage: 'new-version [rule-set]',
  says: 'Copies the newest version of a rule set to the next file, with its number and start filled in. A change begins there.',
  options: {
    from: { type: 'string', value: '<instant>', says: 'when it starts (default: with the next month, UTC)' },
    'existing-members': {
      type: 'string',
      value: '<policy>',
      says: `${POLICIES.join(', ')} (default: as in the newest)`,
    },
    force: { type: 'boolean', says: 'also when the newest version is not published yet' },
    json: { type: 'boolean', says: 'the new file, version and start as JSON' },
  },
  example: 'perkbook new-version pixai-membership --from 2027-01-01T00:00:00Z --existing-members nextTerm',
  run: async ({ options, words }, terminal) => {
    const newest = newestOf(await versionFiles(terminal), words[0]);
    const { ruleSet, version } = newest;
    if (!newest.locked && !options.force) {
      throw new WrongUse(
        `version ${version} of \`${ruleSet}\` is not published yet: change \`${newest.file}\` itself, or publish it first with \`perkbook lock\` (--force makes another one all the same)`,
      );
    }
    const policy = options['existing-members'];
    const existingMembers = policy === undefined ? undefined : oneOf('existing-members', policy, POLICIES);
    const { checkRuleFile } = await import('../../rules/load/check-rule-file.ts');
    const start = checkRuleFile(newest.text, { file: newest.file }).version?.from;
    if (start === undefined) throw new WrongUse(`\`${newest.file}\` has errors: see \`perkbook validate\``);
    const from = startOf(options.from, start, version);
    const isInItsPlace = parseInstant(from) === start;
    const { nextVersion } = await import('../../rules/edit/next-version.ts');
    const next = { version: version + 1, from, existingMembers };
    const text = orWrongUse(() => nextVersion(newest.text, next));
    const name = `v${next.version}.yaml`;
    const file = join(newest.file, '..', name);
    try {
      // Never over a file that somebody has begun.
      writeFileSync(join(newest.path, '..', name), text, { flag: 'wx' });
    } catch (cause) {
      throw new NotDone(`\`${file}\` cannot be written: ${(cause as Error).message}`, { cause });
    }
    if (isInItsPlace)
      terminal.err(
        `version ${version} starts at the same instant, and so holds for nobody: where that is not meant, write a later one into \`${file}\`, or with \`--from\`\n`,
      );
    if (options.json) terminal.out(`${JSON.stringify({ ruleSet, version: next.version, from, file }, undefined, 2)}\n`);
    else terminal.out(`${file} is version ${version} under a new number, and starts at ${from}\n${nextSteps(ruleSet)}`);
    return 0;
  },
});

function startOf(written: string | undefined, newest: Instant, version: number): string {
  if (written === undefined) return shortInstant(Math.max(newest, startOfNextMonth(Date.now())));
  const instant = parseInstant(written);
  if (instant === undefined) {
    const message = `\`--from ${written}\` is no instant with a zone such as \`2027-01-01T00:00:00Z\``;
    throw new WrongUse(message, meantInstant(written));
  }
  if (instant < newest)
    throw new WrongUse(
      `\`--from ${written}\` is before version ${version} starts, at ${shortInstant(newest)}: write a later instant`,
    );
  return written;
}

function startOfNextMonth(now: Instant): Instant {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function shortInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

function nextSteps(ruleSet: string): string {
  return [
    'next:',
    `  change it             perkbook edit <perk> <tier> <value> --rule-set ${ruleSet}, or in the file`,
    `  see what that does    perkbook diff ${ruleSet}`,
    '  check it              perkbook validate, perkbook test',
    `  see who loses         perkbook impact ${ruleSet}`,
    '  publish it            perkbook lock (it takes force at its start, locked or not; locked, it cannot be changed any more)',
    '',
  ].join('\n');
}
