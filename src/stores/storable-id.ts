import { createHash } from 'node:crypto';

const MAX_UNITS = 512;
const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * Whether both stores can hold a member under this id: 1 to 512 UTF-16 units, no NUL, no half of a surrogate pair
 * (UTF-8 has no form for one, so two such ids would become the same). Nobody is ever stored under any other id.
 */
export function isStorableId(id: string): boolean {
  return id.length > 0 && id.length <= MAX_UNITS && !id.includes('\0') && !HALF_CHARACTER.test(id);
}

/** For writes, where silence would lose them. Callers check user ids long before. */
export function requireStorableId(id: string): void {
  if (!isStorableId(id)) {
    throw new RangeError(
      `the user id ${JSON.stringify(id)} cannot be stored: use 1 to 256 whole characters, none of them NUL`,
    );
  }
}

/**
 * The name under which a remembered key is stored: fixed length and plain, whatever characters the key has.
 * 128 bits; hashed as UTF-16, so that no two keys share a form.
 */
export function keyName(key: string): string {
  return createHash('sha256').update(key, 'utf16le').digest('hex').slice(0, 32);
}
