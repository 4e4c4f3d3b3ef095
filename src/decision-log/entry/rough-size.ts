/** Beyond so many values it is large, whatever they are: counting must not cost more than the entry. */
const MOST_VALUES = 10_000;

/** About how many bytes a value of the caller's making takes: enough to keep a bound, and cheap where there is little. */
export function roughSize(value: unknown): number {
  let values = 0;
  const sizeOf = (each: unknown): number => {
    if (++values > MOST_VALUES) return 0;
    if (typeof each === 'string') return 16 + each.length;
    if (typeof each !== 'object' || each === null) return 8;
    let size = 32;
    for (const key in each) size += key.length + sizeOf((each as Record<string, unknown>)[key]);
    return size;
  };
  const size = sizeOf(value);
  return values > MOST_VALUES ? Number.POSITIVE_INFINITY : size;
}
