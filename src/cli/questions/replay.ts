import type { LogLine } from '../../decision-log/read/log-lines.ts';
import { type CandidateChoice, Replay, type ReplayReport } from '../../decision-log/replay/replay-report.ts';
import { type Instant, parseInstantOrDay } from '../../domain/instant.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { chosenRuleSet, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { logLinesAt, logLinesOf } from '../files/log-entries.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { instantOf } from '../frame/instants.ts';
import { wholeNumber } from '../frame/one-of.ts';
import { progressOn } from '../frame/progress.ts';
import type { Terminal } from '../frame/terminal.ts';
import { type BadLines, replayJson, replayText } from '../text/replay-text.ts';

/** So many lines that are no entries are shown; all are counted. */
const MOST_SHOWN = 10;

export const replay = command({
  usage: 'replay [log]',
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
    from: {
      type: 'string',
      value: '<instant>',
      says: 'only what was told then or later; a plain day begins at 0:00 UTC',
    },
    until: { type: 'string', value: '<instant>', says: 'only what was told before' },
    url: {
      type: 'string',
      value: '<address>',
      says: 'read the log and the rules of a running server, whose key has the scopes log:read and rules:read',
    },
    examples: { type: 'string', value: '<n>', says: 'so many changed answers in full (default: three of each kind)' },
    json: { type: 'boolean', says: 'the result as JSON' },
  },
  example: 'perkbook replay logs --candidate v2.yaml',
  notes:
    'The log is a file, a folder of them, or `-` for stdin. Exit code 1 where the same rules gave other answers than were logged, none of it could be asked again, or a line is no entry; a difference of a candidate is an answer, and 0.',
  run: async ({ options, words: [log] }, terminal) => {
    const { url } = options;
    const span = { from: timeIn('from', options.from), until: timeIn('until', options.until) };
    if (span.from !== undefined && span.until !== undefined && span.until <= span.from)
      throw new WrongUse('`--until` must be later than `--from`: it is not included');
    if (url !== undefined && log !== undefined)
      throw new WrongUse(`\`${log}\` and \`--url\` exclude each other: name one log`);
    if (url === undefined && log === undefined) throw new WrongUse('name a log, or a server with `--url`');
    const examples = options.examples === undefined ? undefined : wholeNumber('examples', options.examples, 1);
    const lines = url === undefined ? await logLinesAt(log ?? '', span) : logLinesOf(url, span, terminal);
    const book = url === undefined ? await localRules(terminal) : await rulesOfServer(url, terminal);
    const choice = await candidateIn(book, options, terminal);
    const since = choice?.since ?? (url === undefined ? undefined : span.from);
    if (url !== undefined && choice !== undefined && since === undefined)
      throw new WrongUse(
        'a server gives its newest entries first: say with `--since` or `--from` when the candidate would have started',
      );
    const run = new Replay(book, choice && { ...choice, since }, { examples });
    const bad = await readAll(lines, run, terminal);
    const { report } = run;
    terminal.out(
      options.json
        ? `${JSON.stringify(replayJson(report, bad), undefined, 2)}\n`
        : replayText(report, bad, terminal.colours),
    );
    return report.mismatches > 0 || bad.count > 0 || judgedNothing(report) ? 1 : 0;
  },
});

/** What could not be asked again is no proof that it would be answered as it was. */
function judgedNothing({ entries, same, mismatches }: ReplayReport): boolean {
  return entries > 0 && same + mismatches === 0;
}

async function rulesOfServer(url: string, terminal: Terminal): Promise<RuleBook> {
  const { serverRules } = await import('../desk/server-rules.ts');
  return serverRules(url, terminal);
}

/** A plain day is its beginning. */
function timeIn(option: string, text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined;
  return parseInstantOrDay(text) ?? instantOf(option, text);
}

async function readAll(lines: AsyncIterable<LogLine>, run: Replay, terminal: Terminal): Promise<BadLines> {
  const progress = progressOn(terminal);
  let count = 0;
  try {
    for await (const line of lines) {
      if ('entry' in line) run.add(line.entry);
      else {
        count++;
        if (count <= MOST_SHOWN) terminal.err(`${line.file}:${line.line} ${line.wrong}\n`);
      }
      progress.show(() => `${run.entries} entries`);
    }
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
  const since = text === undefined ? undefined : instantOf('since', text);
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
  const { versionInFile } = await import('../files/rule-file.ts');
  const found = versionInFile(candidate, terminal);
  return { ruleSet: ruleSetNamed(book, named ?? found.ref.id).id, version: found, since };
}
