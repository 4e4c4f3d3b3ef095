/** The comparisons of json-rules-engine. A test holds this list against the library's own. */
export const OPERATORS = [
  'equal',
  'notEqual',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
] as const;

/** What may stand before a comparison and change its meaning: `not:equal`. */
export const DECORATORS = ['not', 'swap', 'someFact', 'everyFact', 'someValue', 'everyValue'] as const;

export const MOST_DECORATORS = 4;

export interface OperatorParts {
  readonly decorators: readonly string[];
  readonly base: string;
}

export function operatorParts(operator: string): OperatorParts {
  const parts = operator.split(':');
  return { decorators: parts.slice(0, -1), base: parts.at(-1) ?? '' };
}
