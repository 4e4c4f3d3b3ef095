import { setImmediate } from 'node:timers/promises';
import { newest } from '../../decide/pick-version.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { membershipRules } from '../../use-cases/decisions/membership-rules.ts';
import { compareWithEngine, type Difference } from '../../use-cases/decisions/referee.ts';
import { sampleQuestions } from '../../use-cases/decisions/sample-questions.ts';
import type { MemberStore } from '../../use-cases/ports.ts';
import { localRules } from '../desk/local-rules.ts';
import { openLocalStore } from '../desk/local-store.ts';
import { randomMembers } from '../files/random-members.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { instantOf } from '../frame/instants.ts';
import { wholeNumber } from '../frame/one-of.ts';
import { progressOn } from '../frame/progress.ts';
import type { Terminal } from '../frame/terminal.ts';

/** How many differences are kept for the report: one is a bug, and a thousand are the same. */
const MOST_SHOWN = 20;
const PAGE = 100;

interface Outcome {
  members: number;
  questions: number;
  different: number;
  readonly shown: Difference[];
}

export const referee = command({
  usage: 'referee',
  says: 'Lets json-rules-engine and the compiled rules judge every action for every member, and reports where they differ. There should be no difference.',
  options: {
    members: { type: 'string', value: '<n>', says: 'only the first n members' },
    store: {
      type: 'string',
      value: '<folder>',
      says: 'the embedded store with the members (default: PERKBOOK_DATA or MONGODB_URI)',
    },
    random: { type: 'string', value: '<n>', says: 'n generated members instead of a store' },
    seed: { type: 'string', value: '<n>', says: 'what the generated members follow from (default: 1)' },
    at: { type: 'string', value: '<instant>', says: 'when it is asked for, like 2026-11-22T10:00:00Z (default: now)' },
    json: { type: 'boolean', says: 'the result as JSON' },
  },
  example: 'perkbook referee --random 100 --seed 7',
  notes: 'Ctrl-C stops it after the present member and reports on those done so far; the exit code is then 130.',
  run: async ({ options }, terminal) => {
    const most = options.members === undefined ? Number.POSITIVE_INFINITY : wholeNumber('members', options.members, 1);
    const random = options.random === undefined ? undefined : wholeNumber('random', options.random, 1);
    const seed = wholeNumber('seed', options.seed ?? '1', 0);
    const at = instantOf('at', options.at ?? 'now');
    if (random !== undefined && options.store !== undefined)
      throw new WrongUse('`--random` and `--store` exclude each other');
    const book = await localRules(terminal);
    const store = random === undefined ? await openLocalStore(terminal, options.store) : undefined;
    try {
      const members =
        store === undefined ? generated(book, seed, Math.min(random ?? 0, most), at) : storedMembers(store, most);
      const { outcome, stopped } = await untilStopped((isStopped) =>
        compareAll(book, members, at, terminal, isStopped),
      );
      terminal.out(
        options.json ? `${JSON.stringify({ ...outcome, stopped }, undefined, 2)}\n` : textOf(outcome, stopped),
      );
      return outcome.different > 0 ? 1 : stopped ? 130 : 0;
    } finally {
      await store?.close();
    }
  },
});

function* generated(book: RuleBook, seed: number, count: number, at: Instant): Generator<Member> {
  const rules: RuleSet | undefined = membershipRules(book) ?? [...book.ruleSets.values()][0];
  if (rules !== undefined) yield* randomMembers(newest(rules), seed, count, at);
}

/** A page at a time, so that the memory it takes does not grow with the store. */
async function* storedMembers(store: MemberStore, most: number): AsyncGenerator<Member> {
  let after: string | undefined;
  for (let left = most; left > 0; ) {
    const page = await store.list(after, Math.min(PAGE, left));
    yield* page;
    left -= page.length;
    after = page.at(-1)?.id;
    if (after === undefined) return;
  }
}

async function compareAll(
  book: RuleBook,
  members: Iterable<Member> | AsyncIterable<Member>,
  at: Instant,
  terminal: Terminal,
  isStopped: () => boolean,
): Promise<Outcome> {
  const outcome: Outcome = { members: 0, questions: 0, different: 0, shown: [] };
  const progress = progressOn(terminal);
  const samples = [...book.ruleSets.values()].map((ruleSet) => ({
    ruleSet,
    questions: sampleQuestions(ruleSet),
  }));
  for await (const member of members) {
    // json-rules-engine's promises never leave the queue of microtasks: Ctrl-C would not be heard.
    await setImmediate();
    if (isStopped()) break;
    for (const { ruleSet, questions } of samples) {
      for (const question of questions(member.id)) {
        if (isStopped()) break;
        const difference = await compareWithEngine({ ruleSet, member, question, now: at });
        outcome.questions++;
        if (difference === undefined) continue;
        outcome.different++;
        if (outcome.shown.length < MOST_SHOWN) outcome.shown.push(difference);
      }
    }
    if (isStopped()) break;
    outcome.members++;
    progress.show(() => `${outcome.members} members, ${outcome.questions} questions, ${outcome.different} differences`);
  }
  progress.clear();
  return outcome;
}

/** Runs until it is done or Ctrl-C was pressed; pressed once more, that ends the process. */
async function untilStopped<T>(
  work: (isStopped: () => boolean) => Promise<T>,
): Promise<{ readonly outcome: T; readonly stopped: boolean }> {
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  try {
    return { outcome: await work(() => stopped), stopped };
  } finally {
    process.off('SIGINT', stop);
  }
}

function textOf({ members, questions, different, shown }: Outcome, stopped: boolean): string {
  const lines = shown.map(({ user, question, at, where, engine, compiled }) => {
    const asked = JSON.stringify({
      input: question.input,
      resource: question.resource,
      context: question.context,
      amount: question.amount,
    });
    return `${user} ${question.action} ${asked} at ${formatInstant(at)}\n  ${where}: json-rules-engine says ${engine}, the compiled rules say ${compiled}`;
  });
  if (different > shown.length) lines.push(`… and ${different - shown.length} more`);
  const counts = `${members} members, ${questions} questions, ${different} ${different === 1 ? 'difference' : 'differences'}`;
  return `${[...lines, `${counts}${stopped ? ' (stopped before the end)' : ''}`].join('\n')}\n`;
}
