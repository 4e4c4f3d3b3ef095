const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether lists and objects lie deeper in each other than `most` in this JSON text. Read from the bytes, before it is parsed: whatever
 * walks through the parsed value may then call itself. Of a text that is no JSON the answer means nothing.
 */
export function isDeeperThan(most: number, bytes: Uint8Array): boolean {
  // Each level has a bracket at its beginning and one at its end.
  if (bytes.length <= 2 * most) return false;
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
      continue;
    }
    // `[` and `{` differ in one bit, and so do `]` and `}`.
    const bracket = byte | 0x20;
    if (bracket === 0x7b && ++depth > most) return true;
    if (bracket === 0x7d) depth--;
  }
  return false;
}
