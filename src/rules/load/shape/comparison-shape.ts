import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import { PATH_PATTERN, READABLE_FACTS } from '../../compile/frame.ts';
import type { Path, Report } from '../finding.ts';
import { DECORATORS, MOST_DECORATORS, OPERATORS, operatorParts } from './operators.ts';
import { isRecord } from './tree.ts';

const FACTS = Object.keys(READABLE_FACTS);

/** Says what is wrong with the comparison of a fact. Returns its sound parts. */
export function checkComparisonShape(node: Readonly<Record<string, unknown>>, path: Path, report: Report): unknown {
  for (const [key, hint] of [
    ['path', 'say where in the fact, such as `$.channel`'],
    ['operator', `write ${listed(OPERATORS.slice(0, 4))} …`],
    ['value', 'say what it is compared with'],
  ] as const) {
    if (Object.hasOwn(node, key)) continue;
    report({ code: 'missing_property', message: `\`${key}\` is missing: ${hint}`, path: [...path, key] });
  }
  return {
    fact: checkFact(node.fact, [...path, 'fact'], report),
    path: checkPath(node.path, [...path, 'path'], report),
    operator: checkOperator(node.operator, [...path, 'operator'], report),
    value: checkValue(node.value, [...path, 'value'], report),
  };
}

function checkFact(fact: unknown, path: Path, report: Report): unknown {
  if (typeof fact === 'string' && FACTS.includes(fact)) return fact;
  const shown = show(fact);
  const meant = typeof fact === 'string' ? didYouMean(fact, FACTS) : undefined;
  report({
    code: 'unknown_fact',
    message: `${shown} is no fact: the facts are ${listed(FACTS, 'and')}`,
    path,
    didYouMean: meant,
  });
  return undefined;
}

function checkPath(value: unknown, path: Path, report: Report): unknown {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && PATH_PATTERN.test(value) && value.length <= 300) return value;
  const bare = typeof value === 'string' && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(value) ? `$.${value}` : undefined;
  const message = `${show(value)} is no path: a path is \`$\` and names with dots before them, such as \`$.channel\``;
  report({ code: 'unknown_path', message, path, didYouMean: bare });
  return undefined;
}

function checkOperator(value: unknown, path: Path, report: Report): unknown {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') {
    report({
      code: 'unknown_operator',
      message: `${show(value)} is no operator: the operators are ${listed(OPERATORS, 'and')}`,
      path,
    });
    return undefined;
  }
  const { decorators, base } = operatorParts(value);
  if (!(OPERATORS as readonly string[]).includes(base)) {
    const prefix = value.slice(0, value.length - base.length);
    const meant = didYouMean(base, OPERATORS) ?? SPELLINGS[base];
    const message = `\`${value}\` is no operator: the operators are ${listed(OPERATORS, 'and')}`;
    report({ code: 'unknown_operator', message, path, didYouMean: meant === undefined ? undefined : prefix + meant });
    return undefined;
  }
  const wrong = decorators.find((each) => !(DECORATORS as readonly string[]).includes(each));
  if (wrong !== undefined) {
    const message = `\`${wrong}:\` cannot stand before an operator: what can is ${listed(DECORATORS, 'and')}`;
    report({ code: 'unknown_operator', message, path, didYouMean: didYouMean(wrong, DECORATORS) });
    return undefined;
  }
  if (decorators.length > MOST_DECORATORS) {
    const message = `\`${value}\` has more than ${MOST_DECORATORS} words before its operator`;
    report({ code: 'unknown_operator', message, path });
    return undefined;
  }
  return value;
}

/** What people write who know other languages. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '=': 'equal',
  '==': 'equal',
  is: 'equal',
  '!=': 'notEqual',
  '<': 'lessThan',
  '<=': 'lessThanInclusive',
  '>': 'greaterThan',
  '>=': 'greaterThanInclusive',
};

function checkValue(value: unknown, path: Path, report: Report): unknown {
  if (value === undefined || isScalar(value)) return value;
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      if (isScalar(each)) continue;
      report({
        code: 'wrong_type',
        message: 'a list in a comparison holds texts, numbers, `true`, `false` and `null` only',
        path: [...path, index],
      });
    }
    if (value.length <= 10_000) return value.every(isScalar) ? value : undefined;
    report({ code: 'too_large', message: 'a list in a comparison holds at most 10,000 values', path });
    return undefined;
  }
  if (isRecord(value) && Object.hasOwn(value, 'fact')) {
    const extra = Object.keys(value).find((key) => key !== 'fact' && key !== 'path');
    if (extra !== undefined) {
      report({
        code: 'unknown_property',
        message: `\`${extra}\` has no place here`,
        path: [...path, extra],
        atKey: true,
      });
    }
    if (!Object.hasOwn(value, 'path')) {
      report({
        code: 'missing_property',
        message: '`path` is missing: say where in the fact, such as `$.endsAt`',
        path: [...path, 'path'],
      });
    }
    const fact = checkFact(value.fact, [...path, 'fact'], report);
    const inside = checkPath(value.path, [...path, 'path'], report);
    return fact === undefined || inside === undefined ? undefined : { fact, path: inside };
  }
  const message = 'write a value, a list of values, or another fact: `{fact: term, path: $.endsAt}`';
  report({ code: 'wrong_type', message, path });
  return undefined;
}

function isScalar(value: unknown): boolean {
  return (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 1000)
  );
}

function show(value: unknown): string {
  return value === undefined ? 'this' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
