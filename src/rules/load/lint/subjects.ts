import { type Path, pointerOf } from '../finding.ts';
import type { DraftCondition } from './conditions.ts';
import { entries, has, type LintContext } from './context.ts';
import type { DraftComparison } from './operands.ts';

type Names = string | readonly (string | undefined)[] | undefined;

/**
 * An id says who somebody is only together with the type: a device may have the id of a user. Whatever compares the one has to ask for
 * the other where both must hold: in an `all` around it, in the same list of names, or in an `unless` before it. Returns whether
 * an id is compared alone. Only where names can be followed to their end.
 */
export function lintSubjects(context: LintContext): boolean {
  const { file, report } = context;
  const search = new Search(file.conditions);
  /** The actions that only go on to their perks once the type has been asked for. */
  const typed = new Set<string>();
  for (const [action, rule] of entries(file.rules)) {
    let isTyped = false;
    for (const { when, unless } of (rule.checks ?? []).filter((check) => check !== undefined)) {
      search.names(when, isTyped);
      search.names(unless, isTyped);
      isTyped ||= search.anyAsksType(unless);
    }
    for (const [, cases] of entries(rule.answers)) for (const each of cases) search.names(each?.when, isTyped);
    if (isTyped) typed.add(action);
  }
  for (const [, perk] of entries(file.perks)) {
    for (const [action, use] of entries(perk.actions)) {
      if (typeof use === 'object') search.names(use.when, typed.has(action));
    }
  }
  if (file.accepts?.includes('id_without_type') === true) return search.alone.size > 0;
  for (const path of search.alone.values()) {
    const message =
      'this compares an id and not the type: a device with the id of a user passes for the user; put `{fact: subject, path: $.type, operator: equal, value: user}` beside it, in an `all`';
    report({ code: 'id_without_type', message, path });
  }
  return search.alone.size > 0;
}

/** Follows conditions from where they are used. */
class Search {
  /** The comparisons found, by their pointers. */
  readonly alone = new Map<string, Path>();
  readonly #conditions: LintContext['file']['conditions'];
  readonly #seen = new Set<string>();
  readonly #asking = new Map<string, boolean>();

  constructor(conditions: LintContext['file']['conditions']) {
    this.#conditions = conditions;
  }

  /** `isTyped`: whether the type has been asked for before. Of a list all must hold. */
  names(names: Names, isTyped: boolean): void {
    const beside = isTyped || this.anyAsksType(names);
    for (const name of listOf(names)) this.#named(name, beside);
  }

  anyAsksType(names: Names): boolean {
    return listOf(names).some((name) => this.#nameAsksType(name));
  }

  #named(name: string, isTyped: boolean): void {
    const visit = `${isTyped} ${name}`;
    if (this.#seen.has(visit)) return;
    this.#seen.add(visit);
    this.#look(this.#of(name), ['conditions', name], isTyped);
  }

  #look(condition: DraftCondition | undefined, path: Path, isTyped: boolean): void {
    if (condition === undefined) return;
    if ('all' in condition) {
      const beside = isTyped || (condition.all ?? []).some((each) => this.#asksType(each));
      for (const [index, each] of (condition.all ?? []).entries()) this.#look(each, [...path, 'all', index], beside);
    } else if ('any' in condition) {
      for (const [index, each] of (condition.any ?? []).entries()) this.#look(each, [...path, 'any', index], isTyped);
    } else if ('not' in condition) this.#look(condition.not, [...path, 'not'], isTyped);
    else if ('condition' in condition) {
      if (condition.condition !== undefined) this.#named(condition.condition, isTyped);
    } else if (!isTyped && 'fact' in condition && readsId(condition)) this.alone.set(pointerOf(path), path);
  }

  /** Whether this cannot hold without the type having been asked for. */
  #asksType(condition: DraftCondition | undefined): boolean {
    if (condition === undefined) return false;
    if ('all' in condition) return (condition.all ?? []).some((each) => this.#asksType(each));
    if ('any' in condition) {
      const { any = [] } = condition;
      return any.length > 0 && any.every((each) => this.#asksType(each));
    }
    if ('not' in condition) return this.#asksType(condition.not);
    if ('condition' in condition) return condition.condition !== undefined && this.#nameAsksType(condition.condition);
    return 'fact' in condition && reads(condition, 'subject', '$.type');
  }

  #nameAsksType(name: string): boolean {
    const known = this.#asking.get(name);
    if (known !== undefined) return known;
    const asks = this.#asksType(this.#of(name));
    this.#asking.set(name, asks);
    return asks;
  }

  #of(name: string): DraftCondition | undefined {
    return has(this.#conditions, name) ? this.#conditions?.[name] : undefined;
  }
}

/** The id of who asks, by either of its names. */
function readsId(comparison: DraftComparison): boolean {
  return reads(comparison, 'subject', '$.id') || reads(comparison, 'member', '$.id');
}

function reads({ fact, path, value }: DraftComparison, ofFact: string, at: string): boolean {
  const other = typeof value === 'object' && value !== null && 'fact' in value ? value : undefined;
  return (fact === ofFact && path === at) || (other?.fact === ofFact && other.path === at);
}

function listOf(names: Names): readonly string[] {
  return typeof names === 'string' ? [names] : (names ?? []).filter((name) => name !== undefined);
}
