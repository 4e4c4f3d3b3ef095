import { Problem } from './problem.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const MOST = 256;

/** A user id: 1 to 256 characters, none of them a control character or half of a surrogate pair. `field`: where it was given. */
export function parseUserId(id: unknown, field: string): string {
  if (typeof id !== 'string') throw new Problem('invalid_id', 'a user id is a text of 1 to 256 characters', { field });
  if (id.length === 0 || (id.length > MOST && [...id].length > MOST)) {
    const length = [...id].length;
    throw new Problem('invalid_id', `a user id has 1 to 256 characters; this one has ${length}`, { field });
  }
  if (UNPRINTABLE.test(id)) {
    throw new Problem('invalid_id', 'a user id has no control characters and no broken surrogate pairs', { field });
  }
  return id;
}
