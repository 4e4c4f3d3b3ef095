const PERCENT = /^\+(\d+)(?:\.(\d+))?%$/;

/**
 * `base` and a percentage on top of it, `+20%`, in whole numbers and rounded down (R2): 10,000 with `+20%` is 12,000.
 * Integer arithmetic throughout, so that no binary fraction can take one away.
 */
export function shareOf(base: number, percent: string): number {
  const match = PERCENT.exec(percent);
  if (match === null) throw new Error(`\`${percent}\` is no percentage`);
  const [, whole = '0', fraction = ''] = match;
  const scale = 10n ** BigInt(fraction.length);
  return Number((BigInt(base) * (100n * scale + BigInt(whole + fraction))) / (100n * scale));
}
