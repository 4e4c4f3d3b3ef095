import type { Fallback } from '../decision.ts';
import type { PerkbookError } from '../perkbook-error.ts';

/** The answer of a call that said what to do without one. Says so, and why. */
export function fallback(
  { user, action }: { readonly user: string; readonly action: string },
  decision: 'allow' | 'deny',
  error: PerkbookError,
): Fallback {
  return {
    fallback: true,
    decision,
    user,
    action,
    tier: null,
    membership: 'unknown',
    reason: { code: 'client_fallback', message: `Perkbook did not answer: ${error.message}` },
    values: {},
    validUntil: null,
    degraded: true,
    error,
  };
}
