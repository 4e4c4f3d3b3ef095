import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import type { Scenario, ScenarioMember, Table } from '../../generated/scenario.ts';
import type { Finding, Path, Problem } from '../../rules/load/finding.ts';
import { toFinding } from '../../rules/load/yaml/source.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { Cast } from './cast.ts';
import { compileExpect, expectsProblem } from './compile-expect.ts';
import { compileMember } from './compile-facts.ts';
import { compileQuestion } from './compile-question.ts';
import { compileTimeline } from './compile-timeline.ts';
import { type Context, isKnown, lineOf } from './context.ts';
import type { ReadFile } from './read-file.ts';
import type { Case, CastMember, Step } from './scenario.ts';
import { noInstant } from './term-text.ts';
import { parseTime, shortTime } from './time-text.ts';

type Members = ReadonlyMap<string, CastMember>;

/** The scenarios and tables of a file, checked against the rules. No cases when anything was found. */
export function compileFile(
  { data: file, source }: ReadFile,
  book: RuleBook,
): { readonly cases: readonly Case[]; readonly findings: readonly Finding[] } {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const findings = () => problems.map((problem) => toFinding(source, problem));
  const ruleSet = book.ruleSets.get(file.ruleSet);
  if (ruleSet === undefined) {
    const known = [...book.ruleSets.keys()];
    const message = `\`${file.ruleSet}\` is no rule set: there is ${listed(known, 'and')}`;
    report({ code: 'wrong_rule_set', message, path: ['ruleSet'], didYouMean: didYouMean(file.ruleSet, known) });
    return { cases: [], findings: findings() };
  }
  const context: Context = { book, ruleSet, source, report };
  const shared = compileMembers(file.members ?? {}, ['members'], context);
  const group = file.title ?? source.file;
  const about = { file: source.file, group, ruleSet: ruleSet.id };
  const cases = [
    ...(file.scenarios ?? []).map((each, i) => ({
      ...about,
      ...compileScenario(each, ['scenarios', i], shared, context),
    })),
    ...(file.tables ?? []).map((each, i) => ({ ...about, ...compileTable(each, ['tables', i], shared, context) })),
  ];
  if (cases.length === 0)
    report({ code: 'missing_property', message: 'this file proves nothing: write `scenarios` or `tables`', path: [] });
  reportSameNames(cases, file.scenarios?.length ?? 0, context);
  return problems.length === 0 ? { cases, findings: [] } : { cases: [], findings: findings() };
}

type Compiled = Omit<Case, 'file' | 'group' | 'ruleSet'>;

function compileScenario(scenario: Scenario, path: Path, shared: Members, context: Context): Compiled {
  const own = compileMembers(scenario.members ?? {}, [...path, 'members'], context);
  const everybody = new Map([...shared, ...own]);
  const only = own.size > 0 ? own : everybody;
  const defaultMember = scenario.member ?? (only.size === 1 ? [...only.keys()][0] : undefined);
  const cast = new Cast(everybody, context);
  const steps = compileTimeline(scenario.timeline, [...path, 'timeline'], cast, defaultMember, context);
  // A step that could not be compiled was reported, and may be the question.
  if (steps.length === scenario.timeline.length && !steps.some(asksSomething)) {
    const message =
      'nothing is asked in this scenario: a story without `ask`, `consume`, `perks` or `preview` proves nothing';
    context.report({ code: 'missing_property', message, path: [...path, 'timeline'], atKey: true });
  }
  return {
    kind: 'scenario',
    line: lineOf(context, path),
    name: scenario.name,
    proves: provenBy(scenario.proves, [...path, 'proves'], context),
    asks: actionsAsked(steps),
    cast: takingPart(everybody, steps),
    steps,
  };
}

function actionsAsked(steps: readonly Step[]): readonly string[] {
  return [
    ...new Set(steps.flatMap((step) => (step.kind === 'ask' || step.kind === 'consume' ? [step.question.action] : []))),
  ];
}

/** Whether an answer is compared with what is expected. */
function asksSomething({ kind }: Step): boolean {
  switch (kind) {
    case 'ask':
    case 'consume':
    case 'release':
    case 'perks':
    case 'preview':
      return true;
    case 'put':
    case 'store':
      return false;
  }
}

function compileTable(table: Table, path: Path, shared: Members, context: Context): Compiled {
  const at = parseTime(table.at);
  if (at === undefined) context.report({ code: 'wrong_date', message: noInstant(table.at), path: [...path, 'at'] });
  const members = columnsOf(table, [...path, 'members'], shared, context);
  const names = [...members.keys()];
  const steps = table.rows.flatMap((row, i): readonly Step[] => {
    const where = [...path, 'rows', i];
    for (const name of Object.keys(row.expect)) {
      isKnown(context, {
        name,
        known: names,
        what: 'member of this table',
        path: [...where, 'expect', name],
        atKey: true,
      });
    }
    const missing = names.filter((name) => !Object.hasOwn(row.expect, name));
    if (missing.length > 0) {
      const message = `the cell of ${listed(missing, 'and')} is missing: every member needs an answer here`;
      context.report({ code: 'missing_property', message, path: [...where, 'expect'], atKey: true });
    }
    const wrong = Object.values(row.expect).every(expectsProblem);
    const question = compileQuestion(row.ask, row, { path: where, verb: 'ask', wrong, at: at ?? 0 }, context);
    return Object.entries(row.expect).flatMap(([member, cell]): readonly Step[] => {
      const cellPath = [...where, 'expect', member];
      const expect = compileExpect(cell, row.ask, cellPath, context);
      const input = row.input === undefined ? '' : ` ${JSON.stringify(row.input).replaceAll('"', '')}`;
      const who = row.as === undefined ? '' : ` as a ${row.as}`;
      const title = `${shortTime(at ?? 0)} ${member}: ask ${row.ask}${input}${who}`;
      const line = lineOf(context, cellPath);
      return [{ kind: 'ask', line, at: at ?? 0, title, member, as: row.as, question, expect }];
    });
  });
  const store = table.store ?? 'up';
  const line = lineOf(context, path);
  const proves = table.rows.flatMap((row, i) => provenBy(row.proves, [...path, 'rows', i, 'proves'], context));
  return {
    kind: 'table',
    line,
    name: table.name,
    proves: [...new Set([...provenBy(table.proves, [...path, 'proves'], context), ...proves])],
    asks: actionsAsked(steps),
    cast: members,
    steps:
      store === 'up'
        ? steps
        : [{ kind: 'store', state: store, line, at: at ?? 0, title: `the store is ${store}` }, ...steps],
  };
}

/** `Array.isArray` does not tell a readonly list from what is none. */
function isList(members: Table['members']): members is readonly string[] {
  return Array.isArray(members);
}

function columnsOf({ members }: Table, path: Path, shared: Members, context: Context): Members {
  if (!isList(members)) {
    if (Object.keys(members).length === 0) {
      const message = 'there is nobody in this table: name at least one member';
      context.report({ code: 'missing_property', message, path, atKey: true });
    }
    return compileMembers(members, path, context);
  }
  const columns = new Map<string, CastMember>();
  members.forEach((name, i) => {
    const member = shared.get(name);
    if (
      isKnown(context, { name, known: shared.keys(), what: 'member of this file', path: [...path, i] }) &&
      member !== undefined
    ) {
      columns.set(name, member);
    }
  });
  return columns;
}

function compileMembers(members: Readonly<Record<string, ScenarioMember>>, path: Path, context: Context): Members {
  return new Map(
    Object.entries(members).map(([name, member]) => [name, compileMember(member, [...path, name], context)]),
  );
}

function takingPart(everybody: Members, steps: readonly Step[]): Members {
  const named = new Set(steps.flatMap((step) => (step.kind === 'store' ? [] : [step.member])));
  return new Map([...everybody].filter(([name]) => named.has(name)));
}

function provenBy(statements: readonly string[] | undefined, path: Path, context: Context): readonly string[] {
  const known = new Set(context.ruleSet.versions.flatMap((version) => Object.keys(version.statements)));
  return (statements ?? []).filter((name, i) =>
    isKnown(context, {
      name,
      known,
      what: 'statement of this rule set',
      path: [...path, i],
      code: 'unknown_statement',
    }),
  );
}

/** Reports are read by name. */
function reportSameNames(cases: readonly Case[], scenarios: number, { report }: Context): void {
  const seen = new Set<string>();
  cases.forEach(({ name }, i) => {
    const path = i < scenarios ? ['scenarios', i, 'name'] : ['tables', i - scenarios, 'name'];
    if (seen.has(name))
      report({
        code: 'duplicate_key',
        message: `\`${name}\` is there twice: call each scenario by its own name`,
        path,
      });
    seen.add(name);
  });
}
