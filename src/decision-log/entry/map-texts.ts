/**
 * A value with each text in it as `map` makes it, and the names of properties as `mapName` does. The same value where that changes nothing,
 * which is nearly always: then nothing is copied.
 */
export function mapTexts(
  value: unknown,
  map: (text: string) => string,
  mapName: (name: string) => string = (name) => name,
): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const mapped = value.map((each) => mapTexts(each, map, mapName));
    return mapped.some((each, index) => each !== value[index]) ? mapped : value;
  }
  const entries = Object.entries(value);
  const mapped = entries.map(([name, each]): [string, unknown] => [mapName(name), mapTexts(each, map, mapName)]);
  const isSame = mapped.every(([name, each], index) => name === entries[index]?.[0] && each === entries[index]?.[1]);
  return isSame ? value : Object.fromEntries(mapped);
}
