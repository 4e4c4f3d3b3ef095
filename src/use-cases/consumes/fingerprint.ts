import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { CheckedQuestion, SentQuestion } from '../../domain/question.ts';

/**
 * What a consume asks for, as short text: equal for the same action, input, resource and amount, in whatever order of keys. With the
 * defaults that the rules fill in: whoever leaves out an input asks for the same as who sends its default, while the rules stay.
 */
export function fingerprintOf({ question, ruleSetId }: CheckedQuestion): string {
  const { action, input, resource, amount } = question;
  return hashOf([ruleSetId, action, input, resource, amount]);
}

/**
 * The same of what was sent. INVARIANT: no rules have a say in it, so that a retry has the fingerprint of the first attempt, whatever
 * is published in between. Not with the rule set, which a retry may name where the first attempt did not.
 */
export function sentFingerprintOf({ question }: SentQuestion): string {
  const { action, input, resource, amount } = question;
  return hashOf([action, input, resource, amount]);
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url');
}
