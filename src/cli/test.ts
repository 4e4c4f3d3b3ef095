import type { RuleBook } from '../rules/rule-set.ts';
import type { Door } from '../scenarios/door.ts';
import type { CaseResult } from '../scenarios/results.ts';
import type { Case } from '../scenarios/scenario.ts';
import { command } from './frame/command.ts';
import { type ExitCode, NotDone, WrongUse } from './frame/errors.ts';
import { writeFileOrSay } from './frame/files.ts';
import { localRules } from './frame/local-rules.ts';
import { scenarioTree } from './frame/scenario-tree.ts';
import { reasonOf, serverAddress } from './frame/server-address.ts';

export const test = command({
  usage: 'test [fixtures…]',
  says: 'Replays scenarios and says which answers are not as expected. Without a path: those in fixtures.',
  options: {
    filter: {
      type: 'string',
      value: '<text>',
      says: 'only scenarios with this text in their file, title, name or statements',
    },
    junit: { type: 'string', value: '<file>', says: 'also write the results there, as JUnit XML' },
    url: {
      type: 'string',
      value: '<address>',
      says: 'replay against a running server that was started with PERKBOOK_TEST_CLOCK',
    },
    json: { type: 'boolean', says: 'the results as JSON' },
  },
  example: 'perkbook test fixtures --filter R6 --junit results.xml',
  run: async ({ options, words }, terminal) => {
    const book = await localRules(terminal);
    const { loadScenarios } = await import('../scenarios/load.ts');
    const { files, cases, findings, texts } = loadScenarios(words.length === 0 ? ['fixtures'] : words, book);
    if (files.length === 0) throw new WrongUse(`there is no scenario file in \`${words.join('`, `') || 'fixtures'}\``);
    const { renderFinding } = await import('../rules/load/render-finding.ts');
    for (const each of findings) {
      terminal.err(`${renderFinding(each, texts.get(each.file) ?? '', terminal.errColours.isColorSupported)}\n`);
    }
    const chosen = options.filter === undefined ? cases : thoseWith(options.filter, cases);
    if (chosen.length === 0 && findings.length === 0) throw new WrongUse(`no scenario mentions \`${options.filter}\``);
    const door = await doorFor(options.url, book);
    const results = await replay(chosen, door);
    if (options.junit !== undefined) {
      const { toJUnit } = await import('../scenarios/junit.ts');
      writeFileOrSay(options.junit, toJUnit(results));
    }
    terminal.out(
      options.json
        ? `${JSON.stringify({ findings, results }, undefined, 2)}\n`
        : scenarioTree(results, terminal.colours),
    );
    const broken = findings.some((each) => each.severity === 'error');
    const failed = results.some((each) => each.outcome === 'failed');
    return (broken || failed ? 1 : 0) satisfies ExitCode;
  },
});

/** A statement means the scenarios that prove it; any other text is looked for in names. */
function thoseWith(text: string, cases: readonly Case[]): readonly Case[] {
  const proving = cases.filter(({ proves }) => proves.includes(text));
  if (proving.length > 0) return proving;
  const wanted = text.toLowerCase();
  return cases.filter(({ file, group, name }) => [file, group, name].some((each) => each.toLowerCase().includes(wanted)));
}

async function doorFor(url: string | undefined, book: RuleBook): Promise<Door> {
  if (url === undefined) {
    const { CoreDoor } = await import('../scenarios/doors/core.ts');
    return new CoreDoor(book);
  }
  const { HttpDoor } = await import('../scenarios/doors/http.ts');
  return new HttpDoor(serverAddress(url));
}

async function replay(cases: readonly Case[], door: Door): Promise<readonly CaseResult[]> {
  const { replayCases } = await import('../scenarios/replay.ts');
  try {
    return await replayCases(cases, door);
  } catch (cause) {
    // An answer that nobody expected is a result; only the door itself can fail.
    throw new NotDone(`the scenarios could not be replayed through ${door.name}: ${reasonOf(cause)}`, { cause });
  }
}
