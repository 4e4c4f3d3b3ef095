// Made when first needed: making one takes longer than a hundred decisions.
let format: Intl.NumberFormat | undefined;

/**
 * A number as people read it, `12,000`, with every digit that it has: 5.0001 is not 5. Beyond what a number can tell apart, as JSON
 * writes it.
 */
export function numberText(value: number): string {
  const plain = (Number.isInteger(value) && value >= 0 && value < 1000) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (plain) return String(value);
  format ??= new Intl.NumberFormat('en', { maximumFractionDigits: 20 });
  return format.format(value);
}
