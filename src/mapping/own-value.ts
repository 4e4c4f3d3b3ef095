import { UnreadableValue } from './unreadable-value.ts';

type Named = Readonly<Record<string, unknown>>;

/**
 * What is at a path of a document, by its own properties only; undefined where there is nothing. INVARIANT: nothing is there only where
 * what should hold it is missing, null, or an object without that name. Throws `UnreadableValue` where it is a list, a text, or anything
 * else without names: that is another shape than the mapping tells of, and taken for nothing it would make a paying member a free one.
 */
export function ownValue(document: unknown, path: string): unknown {
  const names = path.split('.');
  let value = document;
  for (const [depth, name] of names.entries()) {
    if (value === undefined || value === null) return undefined;
    if (!isNamed(value)) {
      throw new UnreadableValue(names.slice(0, depth).join('.'), value, `\`${path}\` needs an object there`);
    }
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value ?? undefined;
}

/** The same for a look at what the documents have, of which nobody becomes a member: undefined also where the path ends early. */
export function ownValueIfAny(document: unknown, path: string): unknown {
  try {
    return ownValue(document, path);
  } catch (error) {
    if (error instanceof UnreadableValue) return undefined;
    throw error;
  }
}

/** A document within a document. Dates, ids and other values of BSON are objects of classes. */
export function isNamed(value: unknown): value is Named {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
