import { WrongUse } from './errors.ts';

/** Throws `WrongUse` unless there are as many words as the usage has: `<needed>`, `[optional]`, `[many…]`. */
export function checkWords(words: readonly string[], usage: string): void {
  const places = usage.split(' ').slice(1);
  const missing = places.find((place, index) => place.startsWith('<') && words[index] === undefined);
  if (missing !== undefined) throw new WrongUse(`\`${missing}\` is missing: \`perkbook ${usage}\``);
  const extra = words[places.length];
  if (extra !== undefined && !places.some((place) => place.includes('…'))) {
    throw new WrongUse(`\`${extra}\` is one word too many: \`perkbook ${usage}\``);
  }
}
