import { stringify } from 'yaml';

export type ScalarValue = string | number | boolean | null;
export type EditedValue = ScalarValue | { readonly [key: string]: EditedValue };

/** How a value is written on one line: in quotes only where it needs them. `flow`: between braces, where a comma needs them too. */
export function valueAsText(value: EditedValue, flow: boolean): string {
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, each]) => `${keyAsText(key)}: ${valueAsText(each, true)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (typeof value !== 'string') return String(value);
  return text(value, flow);
}

/** A key that is a number to YAML stays one: the rows of a table. */
function keyAsText(key: string): string {
  return String(Number(key)) === key ? key : text(key, true);
}

function text(value: string, flow: boolean): string {
  // What is no letter to the eye is written as its code; JSON is YAML.
  if (/[\p{Cc}\p{Cf}\u2028\u2029]|^\s|\s$/u.test(value) || value === '') return escaped(value);
  return flow
    ? stringify([value], { ...OPTIONS, collectionStyle: 'flow', flowCollectionPadding: false })
        .trim()
        .slice(1, -1)
        .trim()
    : stringify({ key: value }, OPTIONS).slice('key: '.length).trimEnd();
}

const OPTIONS = { lineWidth: 0, minContentWidth: 0, version: '1.2', schema: 'core' } as const;

function escaped(value: string): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
