import { Engine, type TopLevelCondition } from 'json-rules-engine';
import type { Condition, NamedConditions } from './condition.ts';
import { type Frame, readPath } from './frame.ts';

/** A condition after the engine has judged it, with what it read. The shape is the engine's own. */
export interface JudgedCondition {
  readonly result: boolean;
  readonly all?: readonly JudgedCondition[];
  readonly any?: readonly JudgedCondition[];
  readonly not?: JudgedCondition;
  readonly fact?: string | undefined;
  readonly path?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: unknown;
  readonly factResult?: unknown;
  readonly valueResult?: unknown;
  readonly name?: string;
}

export interface NamedCondition {
  readonly name: string;
  readonly condition: Condition;
  /** What its references name. */
  readonly named: NamedConditions;
}

const FACTS = ['member', 'term', 'user', 'subject', 'resource', 'input', 'context', 'perk'] as const;

/**
 * Lets json-rules-engine judge every condition, each as one rule. A fresh engine for every run: an engine keeps its state, so
 * overlapping runs of one would stop each other. Throws unless every rule was judged.
 */
export async function judgeWithEngine(
  conditions: readonly NamedCondition[],
  frame: Frame,
): Promise<ReadonlyMap<string, JudgedCondition>> {
  // INVARIANT: paths are read by our resolver only; the library's default one runs code that a path contains.
  const engine = new Engine([], { pathResolver: (value: object, path: string) => readPath(value, path) });
  for (const fact of FACTS) engine.addFact(fact, frame[fact]);
  // References are written out, so that every judged tree shows what was compared.
  for (const { name, condition, named } of conditions) {
    engine.addRule({ name, conditions: topLevel(writtenOut(condition, named)), event: { type: 'held' } });
  }
  const { results, failureResults } = await engine.run();
  const judged = new Map<string, JudgedCondition>();
  for (const result of [...results, ...failureResults]) {
    // The typings leave out that the conditions carry what was read; the outermost one's verdict is the rule's.
    const conditions = result.conditions as unknown as JudgedCondition;
    judged.set(result.name, judgedTree({ ...conditions, result: result.result === true }));
  }
  for (const { name } of conditions) if (!judged.has(name)) throw new Error(`the engine did not judge \`${name}\``);
  return judged;
}

/** The engine's tree as plain data, without its bookkeeping. */
function judgedTree(node: JudgedCondition): JudgedCondition {
  const { result } = node;
  const named = node.name === undefined ? {} : { name: node.name };
  if (node.all !== undefined) return { ...named, result, all: node.all.map(judgedTree) };
  if (node.any !== undefined) return { ...named, result, any: node.any.map(judgedTree) };
  if (node.not !== undefined) return { ...named, result, not: judgedTree(node.not) };
  const { fact, path, operator, value, factResult, valueResult } = node;
  return { result, fact, path, operator, value, factResult, valueResult };
}

function topLevel(condition: Condition): TopLevelCondition {
  return ('fact' in condition || 'condition' in condition ? { all: [condition] } : condition) as TopLevelCondition;
}

/** The condition with every reference replaced by what it names; the name stays, for whoever reads the result. */
function writtenOut(condition: Condition, named: NamedConditions): Condition & { readonly name?: string } {
  if ('all' in condition) return { all: condition.all.map((each) => writtenOut(each, named)) };
  if ('any' in condition) return { any: condition.any.map((each) => writtenOut(each, named)) };
  if ('not' in condition) return { not: writtenOut(condition.not, named) };
  if ('fact' in condition) return condition;
  const target = named[condition.condition];
  if (target === undefined) throw new Error(`no condition is named \`${condition.condition}\``);
  const written = writtenOut(target, named);
  return 'fact' in written ? { all: [written], name: condition.condition } : { ...written, name: condition.condition };
}
