/**
 * Whether an allow of this id is logged. By the id and not by chance: whoever looks at it again, with the same share, comes to the
 * same end, and what a smaller share takes a larger one takes, too.
 */
export function isSampled(id: string, share: number): boolean {
  if (share >= 1) return true;
  // FNV-1a and a last mix: ids of one moment differ in their last characters only.
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 0x1_0000_0000 < share;
}
