import { linesOf, logFilesAt } from '../decision-log/read/log-lines.ts';
import { type CandidateChoice, Replay } from '../decision-log/replay/replay-report.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { ruleSetNamed } from '../use-cases/decisions/rule-set-named.ts';
import { chosenRuleSet, versionNumbered } from './frame/chosen-rules.ts';
import { command } from './frame/command.ts';
import { NotDone, WrongUse } from './frame/errors.ts';
import { localRules } from './frame/local-rules.ts';
import { progressOn } from './frame/progress.ts';
import { type BadLines, replayJson, replayText } from './frame/replay-text.ts';
import type { Terminal } from './frame/terminal.ts';

/** So many lines that are no entries are shown; all are counted. */
const MOST_SHOWN = 10;

export const replay = command({
  usage: 'replay <log>',
  says: 'Asks the questions of a decision log again, with the facts that were logged: by the rules of then, which must give the same answers, and by a candidate.',
  options: {
    candidate: { type: 'string', value: '<file>', says: 'a rule file: how it would have answered' },
    version: { type: 'string', value: '<n>', says: 'a version that is there already, as the candidate' },
    'rule-set': {
      type: 'string',
      value: '<id>',
      says: 'whose version, or what a file would succeed (default: the one it names)',
    },
    since: {
      type: 'string',
      value: '<instant>',
      says: 'when the candidate would have started (default: with the first question)',
    },
    json: { type: 'boolean', says: 'the result as JSON' },
  },
  example: 'perkbook replay logs --candidate v2.yaml',
  notes:
    'The log is a file, a folder of them, or `-` for stdin. Exit code 1 where the same rules gave other answers than were logged, or a line is no entry; a difference of a candidate is an answer, and 0.',
  run: async ({ options, words: [log = ''] }, terminal) => {
    const files = log === '-' ? ['-'] : await logFilesAt(log);
    if (files === undefined)
      throw new WrongUse(`there is no log \`${log}\`; name a file, a folder, or \`-\` for stdin`);
    if (files.length === 0) throw new WrongUse(`there are no files of a decision log in \`${log}\``);
    const book = await localRules(terminal);
    const run = new Replay(book, await candidateIn(book, options, terminal));
    const bad = await readAll(files, run, terminal);
    const { report } = run;
    terminal.out(
      options.json
        ? `${JSON.stringify(replayJson(report, bad), undefined, 2)}\n`
        : replayText(report, bad, terminal.colours),
    );
    return report.mismatches > 0 || bad.count > 0 ? 1 : 0;
  },
});

async function readAll(files: readonly string[], run: Replay, terminal: Terminal): Promise<BadLines> {
  const progress = progressOn(terminal);
  let count = 0;
  try {
    for (const file of files) {
      for await (const line of file === '-' ? linesOf('stdin', process.stdin) : linesOf(file)) {
        if ('entry' in line) run.add(line.entry);
        else {
          count++;
          if (count <= MOST_SHOWN) terminal.err(`${line.file}:${line.line} ${line.wrong}\n`);
        }
        progress.show(() => `${run.entries} entries`);
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new NotDone(`the log cannot be read: ${cause.message}`, { cause });
  } finally {
    progress.clear();
  }
  return { count, shown: Math.min(count, MOST_SHOWN) };
}

interface Options {
  readonly candidate: string | undefined;
  readonly version: string | undefined;
  readonly 'rule-set': string | undefined;
  readonly since: string | undefined;
}

async function candidateIn(
  book: RuleBook,
  { candidate, version, 'rule-set': named, since: text }: Options,
  terminal: Terminal,
): Promise<CandidateChoice | undefined> {
  const since = text === undefined ? undefined : instantIn(text);
  if (candidate !== undefined && version !== undefined) {
    throw new WrongUse('`--candidate` and `--version` are two candidates: name one');
  }
  if (version !== undefined) {
    const ruleSet = chosenRuleSet(book, named);
    return { ruleSet: ruleSet.id, version: versionNumbered(ruleSet, version), since };
  }
  if (candidate === undefined) {
    if (since === undefined && named === undefined) return undefined;
    throw new WrongUse('`--since` and `--rule-set` are about a candidate: name one with `--candidate` or `--version`');
  }
  const { versionInFile } = await import('./frame/rule-file.ts');
  const found = versionInFile(candidate, terminal);
  return { ruleSet: ruleSetNamed(book, named ?? found.ref.id).id, version: found, since };
}

function instantIn(text: string): Instant {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new WrongUse(`\`--since ${text}\` is no instant; write it like \`2026-11-22T10:00:00Z\``);
}
