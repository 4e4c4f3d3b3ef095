import { createHash } from 'node:crypto';
import type { CheckedQuestion } from '../../domain/question.ts';

/** What a consume asks for, as short text: equal for the same action, input, resource and amount, in whatever order of keys. */
export function fingerprintOf({ question, ruleSetId }: CheckedQuestion): string {
  const { action, input, resource, amount } = question;
  return createHash('sha256')
    .update(canonical([ruleSetId, action, input, resource, amount]))
    .digest('base64url');
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (isObject(each) ? sorted(each) : each));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
