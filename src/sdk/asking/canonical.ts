import { misuse } from '../perkbook-error.ts';

/** JSON with the names of every object in order: the same question is the same text, however it was put together. */
export function canonical(value: unknown): string {
  const text = textOf(value);
  // What is undefined for JSON, such as a function.
  if (text === undefined) throw misuse('the question cannot be written as JSON');
  return text;
}

function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, inOrder);
  } catch (cause) {
    throw misuse('the question cannot be written as JSON', cause);
  }
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
