import type { RuleFile } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import { entries } from './context.ts';

/** Where a perk or a rule names a condition, and for which action. */
export interface ConditionUse {
  readonly name: string;
  readonly path: Path;
  readonly action: string;
}

export function conditionUses(file: Draft<RuleFile>): readonly ConditionUse[] {
  const uses: ConditionUse[] = [];
  for (const [id, perk] of entries(file.perks)) {
    for (const [action, use] of entries(perk.actions)) {
      if (typeof use === 'string' || use.when === undefined) continue;
      uses.push({ name: use.when, path: ['perks', id, 'actions', action, 'when'], action });
    }
  }
  for (const [action, rule] of entries(file.rules)) {
    const path = ['rules', action];
    for (const [index, check] of (rule.checks ?? []).entries())
      addNames(uses, action, check, [...path, 'checks', index]);
    for (const [key, cases] of entries(rule.answers)) {
      for (const [index, each] of cases.entries()) addNames(uses, action, each, [...path, 'answers', key, index]);
    }
  }
  return uses;
}

interface Conditional {
  readonly when?: string | readonly (string | undefined)[] | undefined;
  readonly unless?: string | readonly (string | undefined)[] | undefined;
}

function addNames(uses: ConditionUse[], action: string, part: Conditional | undefined, path: Path): void {
  for (const key of ['when', 'unless'] as const) {
    const names = part?.[key];
    if (typeof names === 'string') uses.push({ name: names, path: [...path, key], action });
    else {
      for (const [index, name] of (names ?? []).entries()) {
        if (name !== undefined) uses.push({ name, path: [...path, key, index], action });
      }
    }
  }
}
