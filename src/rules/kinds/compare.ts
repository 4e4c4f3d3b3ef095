import type { Planned } from './kind.ts';

/** `null` is unlimited, and so better than any number. */
export function compareAmounts(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a - b;
}

/** Part by part: measures of a limit, rows of a table. A part that is missing is worst. Undefined: better here, worse there. */
export function compareParts(a: Planned, b: Planned): number | undefined {
  const left = partsOf(a);
  const right = partsOf(b);
  let verdict = 0;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const inLeft = Object.hasOwn(left, key);
    const inRight = Object.hasOwn(right, key);
    const sign = inLeft && inRight ? Math.sign(compareAmounts(left[key] ?? null, right[key] ?? null)) : inLeft ? 1 : -1;
    if (sign === 0) continue;
    if (verdict !== 0 && verdict !== sign) return undefined;
    verdict = sign;
  }
  return verdict;
}

function partsOf(planned: Planned): Readonly<Record<string, number | null>> {
  if (typeof planned === 'boolean') return { '': planned ? 1 : 0 };
  return typeof planned === 'object' && planned !== null ? planned : { '': planned };
}
