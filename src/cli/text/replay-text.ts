import { toApiValues } from '../../api/decisions/to-api-decision.ts';
import { NOT_JUDGED, type NotJudged } from '../../decision-log/replay/not-judged.ts';
import type { CandidateReport, ChangedAnswer, ReplayReport } from '../../decision-log/replay/replay-report.ts';
import type { Decision } from '../../domain/decision.ts';
import { formatInstant } from '../../domain/instant.ts';
import { SHADOW_DIFFERENCES, type ShadowDifference } from '../../use-cases/shadow/shadow-difference.ts';
import type { Colours } from '../frame/terminal.ts';
import { valueLines } from './decision-text.ts';

/** Lines of a log that are no entries. */
export interface BadLines {
  readonly count: number;
  readonly shown: number;
}

const DIFFERENCE_WORDS: Readonly<Record<ShadowDifference, string>> = {
  allowToDeny: 'allowed → denied',
  denyToAllow: 'denied → allowed',
  reason: 'denied for another reason',
  values: 'other numbers',
  answers: 'other answers of rules',
};

export function replayText(report: ReplayReport, bad: BadLines, colours: Colours): string {
  const { entries, same, mismatches, notJudged, examples, candidate } = report;
  const verdict = `${entriesText(entries)}: ${verdictText(same, mismatches)}`;
  const lines = [
    ...examples.map(({ id, action, differs }) => `${id} ${action}: ${differs.join(', ')} not as logged`),
    mismatches > 0 ? colours.red(verdict) : verdict,
    ...notJudgedLines(notJudged),
    ...(bad.count > bad.shown ? [`… and ${bad.count - bad.shown} more lines that are no entries`] : []),
    ...(bad.count === 0 ? [] : [`${bad.count} ${bad.count === 1 ? 'line is' : 'lines are'} no entry`]),
    ...(candidate === undefined ? [] : ['', ...candidateLines(candidate, colours)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** About the log and the rules of then: whatever a candidate says stands below it. */
function verdictText(same: number, mismatches: number): string {
  const judged = same + mismatches;
  if (judged === 0) return 'nothing of it could be asked again';
  if (mismatches === 0)
    return `${same} of ${judged} ${same === 1 ? 'is answered again as it was' : 'are answered again as they were'}`;
  return `${mismatches} of ${judged} ${mismatches === 1 ? 'is not answered again as it was' : 'are not answered again as they were'}`;
}

function usersText(users: number, denied: number): string {
  const is = (count: number) => (count === 1 ? 'is' : 'are');
  return `${users} ${users === 1 ? 'user' : 'users'} ${is(users)} answered otherwise, ${denied === 0 ? 'none is' : `${denied} ${is(denied)}`} denied what was allowed`;
}

function candidateLines(report: CandidateReport, colours: Colours): readonly string[] {
  const { ruleSet, since, same, different, estimated, users, usersDenied, actions, notJudged, examples } = report;
  const estimate = estimated > different ? `, about ${estimated} if all allows had been logged` : '';
  return [
    colours.bold(`the candidate for ${ruleSet}, as if it had started at ${formatInstant(since)}`),
    `${different} answered otherwise${estimate}, ${same} as before`,
    ...(different === 0 ? [] : [usersText(users, usersDenied)]),
    ...notJudgedLines(notJudged),
    ...Object.entries(actions).flatMap(([action, counts]) => [
      `  ${action}`,
      ...SHADOW_DIFFERENCES.filter((each) => counts[each] !== undefined).map(
        (each) => `    ${String(counts[each]).padStart(6)}  ${DIFFERENCE_WORDS[each]}`,
      ),
    ]),
    ...(examples.length === 0 ? [] : ['', 'for example']),
    ...examples.flatMap(exampleLines),
  ];
}

function exampleLines({ entry, difference, before, after }: ChangedAnswer): readonly string[] {
  return [
    `  ${entry.id}  ${entry.action}  ${entry.user}  at ${entry.at}: ${DIFFERENCE_WORDS[difference]}`,
    `    was ${answerText(before)}`,
    ...valueLines(toApiValues(before.values, before.answers)).map((line) => `    ${line}`),
    `    now ${answerText(after)}`,
    ...valueLines(toApiValues(after.values, after.answers)).map((line) => `    ${line}`),
  ];
}

function answerText({ allowed, reason }: Decision): string {
  return allowed ? 'allow' : `deny ${reason?.code}${reason?.perk == null ? '' : ` (${reason.perk})`}`;
}

function notJudgedLines(counts: Partial<Record<NotJudged, number>>): readonly string[] {
  return (Object.keys(NOT_JUDGED) as NotJudged[])
    .filter((each) => counts[each] !== undefined)
    .map((each) => `${String(counts[each]).padStart(6)}  not judged: ${NOT_JUDGED[each]} (${each})`);
}

function entriesText(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

export function replayJson({ candidate, ...report }: ReplayReport, bad: BadLines): object {
  return {
    ...report,
    badLines: bad.count,
    ...(candidate === undefined
      ? {}
      : {
          candidate: {
            ...candidate,
            since: formatInstant(candidate.since),
            examples: candidate.examples.map(({ entry, difference, before, after }) => ({
              id: entry.id,
              user: entry.user,
              action: entry.action,
              at: entry.at,
              difference,
              before: answerJson(before),
              after: answerJson(after),
            })),
          },
        }),
  };
}

function answerJson({ allowed, reason, values, answers }: Decision): object {
  return {
    decision: allowed ? 'allow' : 'deny',
    ...(reason === null
      ? {}
      : { reason: { code: reason.code, ...(reason.perk === null ? {} : { perk: reason.perk }) } }),
    values: toApiValues(values, answers),
  };
}
