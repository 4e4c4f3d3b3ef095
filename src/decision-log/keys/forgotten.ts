import type { Instant } from '../../domain/instant.ts';
import { keyName } from '../../stores/storable-id.ts';

/**
 * That a user was forgotten is remembered for so long, by a hash of the id: what was told before and still waits, in whichever process, must
 * not get a key again. Far longer than anything waits for its key; no trace for ever.
 */
export const FORGOTTEN_FOR_MS = 3_600_000;

/** When a user was forgotten, as far as that still matters. By a clock that was far ahead nobody was. */
export function stillForgotten(at: Instant | undefined): Instant | undefined {
  return at !== undefined && Math.abs(Date.now() - at) < FORGOTTEN_FOR_MS ? at : undefined;
}

export function forgottenName(user: string): string {
  return keyName(user);
}
