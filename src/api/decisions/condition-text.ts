import { formatInstant } from '../../domain/instant.ts';
import type { JudgedCondition } from '../../rules/compile/engine.ts';

const SYMBOLS: Readonly<Record<string, string>> = {
  equal: '=',
  notEqual: '≠',
  lessThan: '<',
  lessThanInclusive: '<=',
  greaterThan: '>',
  greaterThanInclusive: '>=',
  notIn: 'not in',
  doesNotContain: 'does not contain',
};

/** Facts that are instants, and read as such. */
const INSTANTS = new Set(['startsAt', 'endsAt', 'cancelledAt', 'endedAt']);

/** A judged condition as one line with what was read and what it was compared with: `subscribed (member.membership "active" = "active")`. */
export function conditionText(node: JudgedCondition): string {
  const written = withoutName(simplified(node));
  return node.name === undefined ? written : `${node.name} (${written})`;
}

/** A condition without what does not change its meaning: lists of one, and a `not` within a `not`. A name is kept. */
export function simplified(node: JudgedCondition): JudgedCondition {
  if (node.name !== undefined) return node;
  const only = onlyPart(node);
  if (only !== undefined) return simplified(only);
  if (node.not === undefined) return node;
  const inner = simplified(node.not);
  return inner.name === undefined && inner.not !== undefined ? simplified(inner.not) : { ...node, not: inner };
}

function onlyPart(node: JudgedCondition): JudgedCondition | undefined {
  const parts = node.all ?? node.any;
  return parts?.length === 1 ? parts[0] : undefined;
}

function withoutName(node: JudgedCondition): string {
  if (node.all !== undefined) return joined(node.all, ' and ', 'always');
  if (node.any !== undefined) return joined(node.any, ' or ', 'never');
  if (node.not !== undefined) return `not ${inBrackets(node.not)}`;
  return comparisonText(node);
}

function joined(parts: readonly JudgedCondition[], word: string, none: string): string {
  const [first] = parts;
  if (first === undefined) return none;
  return parts.length === 1 ? conditionText(first) : parts.map(inBrackets).join(word);
}

function inBrackets(node: JudgedCondition): string {
  const text = conditionText(node);
  const plain = simplified(node);
  return node.name === undefined && plain.name === undefined && (plain.all ?? plain.any) !== undefined
    ? `(${text})`
    : text;
}

/** `term.channel "web" = "web"`, and where two facts are compared, both by name. */
function comparisonText({ fact, path, operator, value, factResult, valueResult }: JudgedCondition): string {
  const name = nameOf(fact, path);
  const isInstant = INSTANTS.has(path?.split('.').at(-1) ?? '');
  const against = isFact(value)
    ? `${nameOf(value.fact, value.path)} ${valueText(valueResult, isInstant)}`
    : valueText(valueResult, isInstant);
  return `${name} ${valueText(factResult, isInstant)} ${symbolOf(operator)} ${against}`;
}

export function symbolOf(operator = ''): string {
  return SYMBOLS[operator] ?? operator;
}

function nameOf(fact = '', path = '$'): string {
  return `${fact}${path.slice(1)}`;
}

function isFact(value: unknown): value is { readonly fact: string; readonly path: string } {
  return typeof value === 'object' && value !== null && 'fact' in value;
}

function valueText(value: unknown, isInstant: boolean): string {
  if (typeof value === 'number' && isInstant && Math.abs(value) <= 8.64e15) return formatInstant(value);
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : (JSON.stringify(value) ?? 'nothing');
}
