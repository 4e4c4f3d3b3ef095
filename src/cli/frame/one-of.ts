import { didYouMean } from '../../domain/did-you-mean.ts';
import { WrongUse } from './errors.ts';

/** The value of an option that knows only these. */
export function oneOf<const T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new WrongUse(`\`--${option} ${value}\` is unknown; it is one of ${known.join(', ')}`, didYouMean(value, known));
}

/** The value of an option that is a whole number of at least `least`. */
export function wholeNumber(option: string, value: string, least: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least) return number;
  throw new WrongUse(`\`--${option} ${value}\` must be a whole number of at least ${least}`);
}

/** The value of an option that is a share of a hundred. */
export function percent(option: string, value: string): number {
  const number = /^\d{1,3}(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (number <= 100) return number;
  throw new WrongUse(`\`--${option} ${value}\` must be a number from 0 to 100`);
}
