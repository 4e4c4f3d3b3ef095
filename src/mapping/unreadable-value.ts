/** A value that cannot be what the mapping says it is; undefined where it is missing. The message begins with where it is. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';

  constructor(path: string, value: unknown, message: string) {
    super(`\`${path}\` is ${shown(value)}; ${message}`);
  }
}

/** With its type, where the bare value could be read as another: `5` and `"5"`. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string')
    return `the text \`${JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)}\``;
  return `\`${String(value)}\``;
}
