import type { Mask } from '../../domain/mask.ts';

/** What stands in the place of what is not written down. */
export const MASK = '***';

/** Whether a path leads to what is masked, into it, or above it. */
export function covers({ fact, keys }: Pick<Mask, 'fact' | 'keys'>, path: FactPath): boolean {
  if (fact !== path.fact) return false;
  return keys.every((key, index) => index >= path.keys.length || key === '*' || key === path.keys[index]);
}

interface FactPath {
  readonly fact: string;
  readonly keys: readonly string[];
}

/** The value with `***` at the end of the path; the same value where there is nothing to mask. */
export function masked(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return MASK;
  if (typeof value !== 'object' || value === null) return value;
  const names = key === '*' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  const own = value as Readonly<Record<string, unknown>>;
  const changed = names.flatMap((name): [string, unknown][] => {
    const next = masked(own[name], rest);
    return next === own[name] ? [] : [[name, next]];
  });
  if (changed.length === 0) return value;
  return Object.fromEntries([...Object.entries(value), ...changed]);
}
