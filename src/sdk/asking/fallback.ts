import type { Fallback } from '../decision.ts';
import type { PerkbookError } from '../perkbook-error.ts';

/** Of an allow, too. Guards show it to end users, who have no use for addresses inside: why it is so is in `error`. */
const MESSAGE = 'Whether this is allowed could not be checked.';

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
    reason: { code: 'client_fallback', message: MESSAGE },
    values: {},
    validUntil: null,
    degraded: true,
    error,
  };
}
