import { mapTexts } from './map-texts.ts';

/** A value with one text in the place of another, wherever it stands as a whole text or names a property. */
export function replaceText(value: unknown, text: string, by: string): unknown {
  const replaced = (each: string) => (each === text ? by : each);
  return mapTexts(value, replaced, replaced);
}
