import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import type { Path, Report } from '../finding.ts';
import { checkComparisonShape } from './comparison-shape.ts';
import { isRecord } from './tree.ts';

/** What a node of a condition may be: exactly one of these, and nothing beside it. */
const FORMS = ['all', 'any', 'not', 'condition', 'fact'] as const;
const OF_COMPARISON = ['fact', 'path', 'operator', 'value'];
const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Says what is wrong with a condition that the schema rejects, node by node.
 * Returns what is left of it without the parts that were reported, or `undefined` when nothing is.
 */
export function checkConditionShape(node: unknown, path: Path, report: Report): unknown {
  if (!isRecord(node)) {
    report({ code: 'condition_form', message: `a condition is a map with one of ${listed(FORMS)}`, path });
    return undefined;
  }
  const [form, ...others] = FORMS.filter((each) => Object.hasOwn(node, each));
  if (form === undefined) {
    reportFormless(node, path, report);
    return undefined;
  }
  const allowed = form === 'fact' ? OF_COMPARISON : [form];
  for (const key of Object.keys(node)) {
    if (allowed.includes(key)) continue;
    if ((others as string[]).includes(key)) {
      const message = `\`${form}\` and \`${key}\` stand side by side, where only one would count: put each in a condition of its own`;
      report({ code: 'condition_form', message, path: [...path, key], atKey: true });
      continue;
    }
    const message = `\`${key}\` has no place beside \`${form}\``;
    report({
      code: 'unknown_property',
      message,
      path: [...path, key],
      atKey: true,
      didYouMean: didYouMean(key, allowed),
    });
  }
  const sound = [form, ...others].map((each) => soundPart(each, node, path, report));
  return others.length === 0 ? sound[0] : undefined;
}

function soundPart(form: (typeof FORMS)[number], node: Record<string, unknown>, path: Path, report: Report): unknown {
  switch (form) {
    case 'all':
    case 'any': {
      const parts = checkList(form, node[form], [...path, form], report);
      return parts === undefined ? undefined : { [form]: parts };
    }
    case 'not': {
      const inner = checkConditionShape(node.not, [...path, 'not'], report);
      return inner === undefined ? undefined : { not: inner };
    }
    case 'condition': {
      const name = node.condition;
      if (typeof name === 'string' && NAME.test(name) && name.length <= 100) return { condition: name };
      report({ code: 'wrong_id', message: 'write the name of a condition', path: [...path, 'condition'] });
      return undefined;
    }
    case 'fact':
      return checkComparisonShape(node, path, report);
  }
}

function checkList(form: 'all' | 'any', list: unknown, path: Path, report: Report): unknown[] | undefined {
  if (!Array.isArray(list)) {
    report({
      code: 'wrong_type',
      message: `\`${form}\` has a list of conditions: put brackets around them, or a \`-\` before each`,
      path,
    });
    return undefined;
  }
  if (list.length === 0) {
    const message = `\`${form}\` is empty, and would always hold: write at least one condition`;
    report({ code: 'condition_form', message, path });
    return undefined;
  }
  if (list.length > 1000) {
    report({ code: 'condition_too_large', message: `\`${form}\` has more than 1,000 conditions: split it`, path });
    return undefined;
  }
  // Holes keep the positions right.
  return list.map((each, index) => checkConditionShape(each, [...path, index], report));
}

function reportFormless(node: Record<string, unknown>, path: Path, report: Report): void {
  const keys = Object.keys(node);
  if (keys.some((key) => OF_COMPARISON.includes(key))) {
    report({
      code: 'missing_property',
      message: '`fact` is missing: say what is looked at, such as `term`',
      path: [...path, 'fact'],
    });
    return;
  }
  for (const key of keys) {
    const meant = didYouMean(key, FORMS);
    if (meant === undefined) continue;
    const message = `\`${key}\` is no form of a condition`;
    report({ code: 'condition_form', message, path: [...path, key], atKey: true, didYouMean: meant });
    return;
  }
  report({ code: 'condition_form', message: `a condition has exactly one of ${listed(FORMS)}`, path });
}
