import { misuse } from '../perkbook-error.ts';

/** A user as a part of a path. `.` and `..` cannot be one: whoever reads a URL takes them for steps. */
export function pathPart(user: string): string {
  if (typeof user !== 'string' || /^\.{0,2}$/.test(user))
    throw misuse(`\`user\` must be a text that can stand in a path, not \`${String(user)}\``);
  try {
    return encodeURIComponent(user);
  } catch (cause) {
    throw misuse('`user` has half a character in it', cause);
  }
}
