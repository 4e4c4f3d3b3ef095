import { comparisonsIn } from './comparisons.ts';
import type { DraftCondition } from './conditions.ts';
import { entries, has, isBroken, type LintContext, reportUnknown } from './context.ts';
import { conditionUses } from './uses.ts';

/** What a condition reads of a question, by itself and through the conditions it names. */
interface Reads {
  readonly inputs: ReadonlySet<string>;
  readonly resource: boolean;
}

/** A condition only reads inputs, and a resource, that questions about the action have. Not called where names go in circles. */
export function lintConditionInputs(context: LintContext): void {
  const { file, report } = context;
  const known = new Map<string, Reads>();
  for (const { name, path, action } of conditionUses(file)) {
    const declared = has(file.actions, action) ? file.actions?.[action] : undefined;
    if (declared === undefined || isBroken(context, ['actions', action, 'input'])) continue;
    const reads = readsOf(context, name, known);
    for (const input of reads.inputs) {
      // That no action at all has it is reported at the condition.
      if (
        has(declared.input, input) ||
        isBroken(context, ['actions', action, 'input', input]) ||
        !isDeclared(context, input)
      )
        continue;
      const message = `\`${name}\` reads the input \`${input}\`, and \`${action}\` has none of that name: declare it there`;
      reportUnknown(context, 'unknown_input', input, path, message, []);
    }
    if (reads.resource && declared.resource === undefined && !isBroken(context, ['actions', action, 'resource'])) {
      const message = `\`${name}\` reads the resource, and \`${action}\` is asked without one: give it one there, such as \`resource: model\``;
      report({ code: 'missing_resource', message, path });
    }
  }
}

function isDeclared({ file }: LintContext, input: string): boolean {
  return entries(file.actions).some(([, action]) => has(action.input, input));
}

function readsOf(context: LintContext, name: string, known: Map<string, Reads>): Reads {
  const before = known.get(name);
  if (before !== undefined) return before;
  const inputs = new Set<string>();
  let resource = false;
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const condition = has(context.file.conditions, next) ? context.file.conditions?.[next] : undefined;
    if (condition === undefined || seen.has(next)) continue;
    seen.add(next);
    open.push(...namesIn(condition));
    for (const [{ fact, path, value }] of comparisonsIn(condition, [])) {
      for (const read of [{ fact, path }, value]) {
        if (typeof read !== 'object' || read === null || !('fact' in read)) continue;
        const [, first] = read.path?.split('.') ?? [];
        if (read.fact === 'input' && first !== undefined) inputs.add(first);
        if (read.fact === 'resource') resource = true;
      }
    }
  }
  const reads = { inputs, resource };
  known.set(name, reads);
  return reads;
}

function namesIn(condition: DraftCondition | undefined): readonly string[] {
  if (condition === undefined) return [];
  if ('all' in condition) return (condition.all ?? []).flatMap(namesIn);
  if ('any' in condition) return (condition.any ?? []).flatMap(namesIn);
  if ('not' in condition) return namesIn(condition.not);
  return 'condition' in condition && condition.condition !== undefined ? [condition.condition] : [];
}
