/**
 * A value with each text in it as `map` makes it. The same value where that changes nothing, which is nearly always: then nothing is
 * copied.
 */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const mapped = value.map((each) => mapTexts(each, map));
    return mapped.some((each, index) => each !== value[index]) ? mapped : value;
  }
  const entries = Object.entries(value);
  const mapped = entries.map(([key, each]): [string, unknown] => [key, mapTexts(each, map)]);
  const isSame = mapped.every(([, each], index) => each === entries[index]?.[1]);
  return isSame ? value : Object.fromEntries(mapped);
}
