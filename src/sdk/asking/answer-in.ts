import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import { PerkbookError } from '../perkbook-error.ts';
import { problemFieldsIn, textIn } from '../transport/attempt.ts';

/** The answer to one question, or the problem in its place. Never an answer that neither allows nor denies. */
export function answerIn(json: unknown): ApiDecision | PerkbookError {
  if (typeof json !== 'object' || json === null) return notPerkbook();
  const { decision, error } = json as {
    readonly decision?: unknown;
    readonly error?: Readonly<Record<string, unknown>>;
  };
  if (decision === 'allow' || decision === 'deny') return json as ApiDecision;
  if (typeof error !== 'object' || error === null || typeof error.status !== 'number') return notPerkbook();
  const fields = { ...problemFieldsIn(error), status: error.status };
  return new PerkbookError('problem', textIn(error, 'detail') ?? `status ${error.status}`, fields);
}

export function notPerkbook(): PerkbookError {
  return new PerkbookError('network', 'what came back is no decision: is `baseUrl` the address of Perkbook?', {
    status: 200,
  });
}

/** Several callers get the same object. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
