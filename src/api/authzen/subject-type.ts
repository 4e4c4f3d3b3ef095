import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import { claimValues } from '../../rules/claim-values.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';

/** Subjects of this type are members. */
const MEMBER_TYPE = 'user';

/**
 * Refuses a type of subject that is nearly one that means something here: judged as it stands it would look like somebody who may not. Any
 * other is the caller's own. Problem: `unknown_subject_type`.
 */
export function checkSubjectType(type: string, { ruleSets }: RuleBook): void {
  if (type === MEMBER_TYPE) return;
  const known = new Set([MEMBER_TYPE, ...[...ruleSets.values()].flatMap(typesIn)]);
  if (known.has(type)) return;
  const meant = didYouMean(type, known);
  if (meant === undefined) return;
  throw new Problem('unknown_subject_type', `nothing is known of subjects of the type \`${type.slice(0, 256)}\``, {
    field: '/subject/type',
    didYouMean: meant,
  });
}

/** The types that conditions of a rule set name. Rule sets do not change, so each is looked through once. */
function typesIn(ruleSet: RuleSet): readonly string[] {
  const known = typesOf.get(ruleSet);
  if (known !== undefined) return known;
  const compared = [...(claimValues(ruleSet).get('subject.type') ?? [])];
  const types = compared.filter((each) => typeof each === 'string');
  typesOf.set(ruleSet, types);
  return types;
}

const typesOf = new WeakMap<RuleSet, readonly string[]>();
