import { mapTexts } from './map-texts.ts';

/** A value with one text in the place of another, wherever it stands as a whole text. */
export function replaceText(value: unknown, text: string, by: string): unknown {
  return mapTexts(value, (each) => (each === text ? by : each));
}
