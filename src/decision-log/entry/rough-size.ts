/** Beyond so many values it is large, whatever they are: counting must not cost more than the entry. */
const MOST_VALUES = 10_000;
/** Or so deep within each other: whatever looks into it must come to an end, and MongoDB takes little more. */
const DEEPEST = 64;

/** About how many bytes a value of the caller's making takes: enough to keep a bound, and cheap where there is little. */
export function roughSize(value: unknown): number {
  let values = 0;
  const sizeOf = (each: unknown, depth: number): number => {
    if (depth > DEEPEST) values = MOST_VALUES;
    if (++values > MOST_VALUES) return 0;
    if (typeof each === 'string') return 16 + each.length;
    if (typeof each !== 'object' || each === null) return 8;
    let size = 32;
    for (const key in each) {
      if (values > MOST_VALUES) break;
      size += key.length + sizeOf((each as Record<string, unknown>)[key], depth + 1);
    }
    return size;
  };
  const size = sizeOf(value, 0);
  return values > MOST_VALUES ? Number.POSITIVE_INFINITY : size;
}
