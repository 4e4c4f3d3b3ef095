import type { Instant } from '../../domain/instant.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { type Impact, lossShare } from '../../use-cases/impact/impact.ts';
import { questionAt } from '../../use-cases/impact/question-at.ts';
import { type Succession, succeeding, successionOf } from '../../use-cases/impact/succession.ts';
import { warningOf } from '../../use-cases/impact/warning.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { chosenRuleSet, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { storeLocation } from '../desk/store-location.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { instantOf } from '../frame/instants.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';
import { progressBar } from '../frame/progress-bar.ts';
import type { Terminal } from '../frame/terminal.ts';

export const impact = command({
  usage: 'impact [rule-set-or-file]',
  says: 'What publishing a version would do to the members in the store: who gains, who loses, and who stays as they are. Nobody is written to.',
  options: {
    version: { type: 'string', value: '<n>', says: 'a version that is there already (default: the newest)' },
    'rule-set': { type: 'string', value: '<id>', says: 'what a file would succeed (default: the one it names)' },
    at: {
      type: 'string',
      value: '<instant>',
      says: 'when both are judged, like 2026-11-22T10:00:00Z (default: now)',
    },
    'fail-if-lose': { type: 'string', value: '<share>', says: 'exit with 1 where more than this share lose: 0.5%' },
    json: { type: 'boolean', says: 'the result as JSON' },
  },
  example: 'perkbook impact v2.yaml --fail-if-lose 0.5%',
  notes:
    'A version that starts later judges as if it had started at that instant. Who gains something and loses something else counts among those who lose. Ctrl-C stops it and reports on the members done so far; the exit code is then 130.',
  run: async ({ options, words }, terminal) => {
    const accepted = options['fail-if-lose'] === undefined ? undefined : percentIn(options['fail-if-lose']);
    const at = instantOf('at', options.at ?? 'now');
    const book = await localRules(terminal);
    const succession = await chosenSuccession(book, words[0], options, terminal);
    const found = await measured(succession, at, terminal);
    if (options.json) {
      const { toApiImpact } = await import('../../api/rule-sets/to-api-impact.ts');
      terminal.out(`${JSON.stringify(toApiImpact(found), undefined, 2)}\n`);
    } else {
      const { impactText } = await import('../text/impact-text.ts');
      terminal.out(impactText(found, succession.candidate, terminal.colours));
    }
    warn(found, terminal);
    if (found.partial) return 130;
    const share = lossShare(found);
    if (accepted === undefined || share * 100 <= accepted) return 0;
    const { membersText, shareText } = await import('../text/impact-text.ts');
    terminal.err(
      `${shareText(share)} of ${membersText(found.members)} lose, ${shareText(accepted / 100)} are accepted\n`,
    );
    return 1;
  },
});

/** `0.5%` → 0.5. */
function percentIn(text: string): number {
  const number = /^\d{1,3}(\.\d+)?\s*%$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (number <= 100) return number;
  throw new WrongUse(`\`--fail-if-lose ${text}\` is no share from 0% to 100%; write it like \`0.5%\``);
}

/** An impact on nobody looks like a harmless one, to people and to a gate. */
function warn(impact: Impact, { err, errColours }: Terminal): void {
  const warning = warningOf(impact);
  if (warning === undefined) return;
  const elsewhere = impact.members > 0 && impact.today === undefined ? '; name another instant with `--at`' : '';
  err(errColours.yellow(`warning: ${warning}${elsewhere}\n`));
}

async function chosenSuccession(
  book: RuleBook,
  word: string | undefined,
  { version, 'rule-set': named }: { readonly version: string | undefined; readonly 'rule-set': string | undefined },
  terminal: Terminal,
): Promise<Succession> {
  if (word !== undefined && /\.ya?ml$/.test(word)) {
    if (version !== undefined) throw new WrongUse('`--version` is one that is there already, and a file is another');
    return successionOfFile(book, word, named, terminal);
  }
  if (word !== undefined && named !== undefined && word !== named) {
    throw new WrongUse(`\`${word}\` and \`--rule-set ${named}\` name two rule sets`);
  }
  const ruleSet = chosenRuleSet(book, word ?? named);
  const number =
    version === undefined ? ruleSet.versions.at(-1)?.ref.version : versionNumbered(ruleSet, version).ref.version;
  const succession = successionOf(ruleSet, number ?? 0);
  if (succession !== undefined) return succession;
  throw new WrongUse(`version ${number ?? 0} of \`${ruleSet.id}\` is its first: there is nothing to compare it with`);
}

async function successionOfFile(
  book: RuleBook,
  file: string,
  named: string | undefined,
  terminal: Terminal,
): Promise<Succession> {
  const { versionInFile } = await import('../files/rule-file.ts');
  const candidate = versionInFile(file, terminal);
  const ruleSet = ruleSetNamed(book, named ?? candidate.ref.id);
  // A file that lies among the rules already succeeds the versions before it, and not itself.
  const there = ruleSet.versions.find(({ ref }) => ref.digest === candidate.ref.digest);
  const succession = there === undefined ? succeeding(ruleSet, candidate) : successionOf(ruleSet, there.ref.version);
  if (succession !== undefined) return succession;
  throw new WrongUse(`\`${file}\` is the first version of \`${ruleSet.id}\`: there is nothing to compare it with`);
}

/** Runs until it is done or Ctrl-C was pressed; pressed once more, that ends the process. */
async function measured(succession: Succession, at: Instant, terminal: Terminal): Promise<Impact> {
  const { impactWorkers } = await import('../../impact-workers/measure-impact.ts');
  const measure = impactWorkers(storeLocation(terminal));
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const progress = progressOn(terminal);
  process.once('SIGINT', stop);
  try {
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
      progress.show(
        () => `${progressBar(done, total)}  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} members`,
      );
    return await orNotDone(
      () => measure(questionAt(succession, at, Date.now()), { signal: stopping.signal, onProgress }),
      StoreUnreachable,
    );
  } finally {
    process.off('SIGINT', stop);
    progress.clear();
  }
}
