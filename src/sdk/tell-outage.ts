import { PerkbookError } from './perkbook-error.ts';
import type { PerkbookOptions } from './settings.ts';

/** Tells the listener where a call was not answered. INVARIANT: what the listener throws, at once or later, changes nothing. */
export async function tellOutage(error: unknown, onOutage: PerkbookOptions['onOutage']): Promise<void> {
  if (onOutage === undefined || !(error instanceof PerkbookError) || !error.isOutage) return;
  try {
    await onOutage(error);
  } catch {
    // Its own affair.
  }
}
