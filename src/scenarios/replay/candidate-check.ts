import { setImmediate as breathe } from 'node:timers/promises';
import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Finding } from '../../rules/load/finding.ts';
import type { BrokenScenario, Candidate, ScenarioCheck } from '../../use-cases/rule-sets/ports.ts';
import { promisedBy } from '../../use-cases/rule-sets/promised-by.ts';
import { compileText, loadScenarios } from '../compile/load.ts';
import type { Case } from '../compile/scenario.ts';
import { CoreDoor } from '../doors/core.ts';
import { shown } from './failure-text.ts';
import { replayCase } from './replay.ts';
import type { StepFailure } from './results.ts';

/** The promises that a candidate has to keep, and those that can no longer be read with it. */
interface Promises {
  readonly cases: readonly Case[];
  readonly unreadable: readonly BrokenScenario[];
}

/**
 * Replays against a candidate what is promised for the time after its start: the scenarios in `fixtures` (files, folders or globs),
 * those that came with earlier versions, and those that come with it; a later one replaces an earlier one of the same name.
 */
export function scenarioCheck(fixtures: readonly string[] = []): ScenarioCheck {
  return {
    async verdictOn(candidate, scenarios) {
      const own = scenarios === undefined ? [] : ownCases(candidate, scenarios);
      const { cases, unreadable } = promisesOf(candidate, fixtures);
      const kept = cases.filter((each) => endsAfter(each, candidate.version.from));
      // What comes with the version is about it, whatever its dates are.
      const all = [...new Map([...kept, ...own].map((each) => [each.name, each])).values()];
      const broken: BrokenScenario[] = [...unreadable];
      for (const each of all) {
        const { failures } = await replayCase(each, new CoreDoor(candidate.book));
        if (failures.length > 0)
          broken.push({ name: each.name, file: each.file, line: each.line, failures: failures.flatMap(inWords) });
        // Members are being answered meanwhile.
        await breathe();
      }
      const names = new Set([...cases, ...own, ...broken].map(({ name }) => name));
      return { replayed: all.length, names, broken };
    },
  };
}

/** Throws `invalid_scenarios` (422) with all that is wrong. */
function ownCases({ version, book }: Candidate, text: string): readonly Case[] {
  const { cases, findings } = compileText(text, 'scenarios', book);
  const others = cases.filter(({ ruleSet }) => ruleSet !== version.ref.id);
  if (findings.length === 0 && others.length === 0) return cases;
  const why =
    findings.length === 0
      ? `they are about \`${others[0]?.ruleSet}\`, and the version is one of \`${version.ref.id}\``
      : '`findings` says where';
  throw new Problem('invalid_scenarios', `the scenarios cannot be read: ${why}; nothing was published`, {
    more: { findings },
  });
}

/** By name: what later versions promise replaces what earlier ones and the fixtures do. */
function promisesOf({ version, book, history }: Candidate, fixtures: readonly string[]): Promises {
  const files = loadScenarios(fixtures, book);
  const kept = promisedBy(history, version.ref.version - 1).map(({ version: number, scenarios }) =>
    compileText(scenarios, `scenarios of version ${number}`, book),
  );
  const cases = [...files.cases, ...kept.flatMap((each) => each.cases)].filter(
    ({ ruleSet }) => ruleSet === version.ref.id,
  );
  const findings = [...files.findings.filter(isAboutHere), ...kept.flatMap((each) => each.findings)];
  return {
    cases: [...new Map(cases.map((each) => [each.name, each])).values()],
    unreadable: unreadableFiles(findings),
  };
}

/** A folder may have promises about rule sets that are not here; one that is nearly named like one that is was meant for it. */
function isAboutHere({ code, didYouMean }: Finding): boolean {
  return code !== 'wrong_rule_set' || didYouMean !== undefined;
}

/** A promise about a perk that is gone is a broken one; it is named by its file, because none of the file can be read. */
function unreadableFiles(findings: readonly Finding[]): readonly BrokenScenario[] {
  const files = new Map<string, readonly Finding[]>();
  for (const each of findings) files.set(each.file, [...(files.get(each.file) ?? []), each]);
  return [...files].map(([file, found]) => ({
    name: file,
    file,
    line: found[0]?.line ?? 1,
    failures: found.map(({ line, message }) => `line ${line}: ${message}`),
  }));
}

/** A story that ends before the candidate starts is not touched by it. */
function endsAfter({ steps }: Case, from: Instant): boolean {
  return steps.some(({ at }) => at >= from);
}

function inWords({ title, differences }: StepFailure): readonly string[] {
  return differences.map(
    ({ path, expected, actual }) => `${title}: ${path} ${shown(actual)} instead of ${shown(expected)}`,
  );
}
