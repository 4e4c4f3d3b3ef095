import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { folderRules } from '../desk/local-rules.ts';
import { replayScenarios, thoseWith } from '../desk/replay-scenarios.ts';
import { writeFileOrSay } from '../files/files.ts';
import { command } from '../frame/command.ts';
import { type ExitCode, WrongUse } from '../frame/errors.ts';
import { percent } from '../frame/one-of.ts';
import { scenarioTree } from '../text/scenario-tree.ts';

export const test = command({
  usage: 'test [fixtures…]',
  says: 'Replays scenarios and says which answers are not as expected. Without a path: those in fixtures.',
  options: {
    filter: { type: 'string', value: '<text>', says: 'only what proves this statement, or has this text in its names' },
    'rule-set': { type: 'string', value: '<id>', says: 'only what is about this rule set' },
    coverage: { type: 'boolean', says: 'also say what of the rules no scenario has reached' },
    'min-coverage': { type: 'string', value: '<percent>', says: 'the same, and fail where it is less' },
    junit: { type: 'string', value: '<file>', says: 'also write the results there, as JUnit XML' },
    url: {
      type: 'string',
      value: '<address>',
      says: 'replay against a server that was started with PERKBOOK_TEST_CLOCK',
    },
    json: { type: 'boolean', says: 'the results as JSON' },
  },
  example: 'perkbook test fixtures --filter R6 --junit results.xml',
  run: async ({ options, words }, terminal) => {
    const needed = options['min-coverage'] === undefined ? undefined : percent('min-coverage', options['min-coverage']);
    const covers = options.coverage || needed !== undefined;
    if (covers && options.url !== undefined) {
      throw new WrongUse('coverage can only be measured here: leave out `--url`, or `--coverage` and `--min-coverage`');
    }
    const book = await folderRules(terminal);
    const { loadScenarios } = await import('../../scenarios/compile/load.ts');
    const places = words.length === 0 ? ['fixtures'] : words;
    const { files, cases, findings, texts } = loadScenarios(places, book);
    if (files.length === 0) throw new WrongUse(`there is no scenario file in \`${places.join('`, `')}\``);
    const { renderFinding } = await import('../../rules/load/render-finding.ts');
    for (const each of findings) {
      terminal.err(`${renderFinding(each, texts.get(each.file) ?? '', terminal.errColours.isColorSupported)}\n`);
    }
    const ruleSet = options['rule-set'] === undefined ? undefined : ruleSetNamed(book, options['rule-set']).id;
    const about = ruleSet === undefined ? cases : cases.filter((each) => each.ruleSet === ruleSet);
    const chosen = options.filter === undefined ? about : thoseWith(options.filter, about);
    if (options.filter !== undefined && chosen.length === 0) {
      throw new WrongUse(`no scenario proves \`${options.filter}\`, or has it in its names`);
    }
    // A filter is a look at a part, and says nothing of rule sets that it leaves out.
    const covered = covers
      ? [...book.ruleSets.values()].filter(({ id }) =>
          options.filter === undefined
            ? ruleSet === undefined || id === ruleSet
            : chosen.some((each) => each.ruleSet === id),
        )
      : [];
    const { url } = options;
    const server = url === undefined ? undefined : { url, apiKey: terminal.environment.PERKBOOK_API_KEY };
    const { results, coverages, left, stopped } = await replayScenarios(chosen, book, server, covered);
    if (left !== undefined) terminal.err(`${left}\n`);
    if (stopped === true) {
      terminal.err(`stopped after ${results.length} of ${chosen.length} scenarios\n`);
      return 130;
    }
    if (options.junit !== undefined) {
      const { toJUnit } = await import('../../scenarios/replay/junit.ts');
      writeFileOrSay(options.junit, toJUnit(results, findings));
    }
    const { coverageText, percentOf } = await import('../../scenarios/coverage/coverage.ts');
    const said = coverages.map((each) => `${coverageText(each, needed)}\n`).join('');
    terminal.out(
      options.json
        ? `${JSON.stringify({ findings, results, ...(covers ? { coverage: coverages } : {}) }, undefined, 2)}\n`
        : `${scenarioTree(results, terminal.colours)}${said}`,
    );
    const isFailing =
      findings.some((each) => each.severity === 'error') ||
      results.some((each) => each.outcome === 'failed') ||
      coverages.some((each) => needed !== undefined && percentOf(each) < needed);
    return (isFailing ? 1 : 0) satisfies ExitCode;
  },
});
