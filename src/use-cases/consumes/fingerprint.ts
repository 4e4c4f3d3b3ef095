import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { CheckedQuestion } from '../../domain/question.ts';

/** What a consume asks for, as short text: equal for the same action, input, resource and amount, in whatever order of keys. */
export function fingerprintOf({ question, ruleSetId }: CheckedQuestion): string {
  const { action, input, resource, amount } = question;
  return createHash('sha256')
    .update(canonicalJson([ruleSetId, action, input, resource, amount]))
    .digest('base64url');
}
