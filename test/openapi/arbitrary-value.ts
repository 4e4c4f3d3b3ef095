import fc from 'fast-check';

/** As much of a JSON Schema as is needed to make values that it allows. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly contentMediaType?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Follows a `$ref` of the description. */
export type Follow = (reference: string) => Schema;

const DEEPEST = 6;
const LONGEST = 12;

/** What no schema means: of each kind something, at the edges of what a parser expects. */
export const nonsense: fc.Arbitrary<unknown> = fc.constantFrom(
  ...[null, true, -1, 1.5, 1e300, '', ' ', 'x', 'a\u0000b', 'x'.repeat(300), [], [null], [[]], {}, { x: 1 }],
);

/** A value that the schema allows, as far as it is looked at here. `part`: makes the values that are in it. */
export function allowedBy(schema: Schema, follow: Follow, part: (inner: Schema) => fc.Arbitrary<unknown>) {
  const { $ref, anyOf, allOf, type } = schema;
  if ($ref !== undefined) return part(follow($ref));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(part));
  if (allOf !== undefined) return part(allOf[0] ?? {});
  const types = typeof type === 'string' ? [type] : (type ?? ['object']);
  return fc.oneof(...types.map((each) => ofType(each, schema, part)));
}

/** What the schema allows, with something wrong in it now and then, however deep: of another kind, missing, or not known. */
export function nearly(schema: Schema, follow: Follow, depth = 0): fc.Arbitrary<unknown> {
  if (depth > DEEPEST) return nonsense;
  const value = allowedBy(schema, follow, (inner) => nearly(inner, follow, depth + 1));
  return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: nonsense });
}

function ofType(type: string, schema: Schema, part: (inner: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer(within(schema, 1_000_000));
    case 'number':
      return fc.double({ ...within(schema, 1e9), noNaN: true }).map((each) => each + 0);
    case 'string':
      return textOf(schema);
    case 'array':
      return fc.array(part(schema.items ?? {}), { maxLength: 2 });
    default:
      return objectOf(schema, part);
  }
}

/** Also the ends of the range themselves, where mistakes are. */
function within({ minimum = -1000, maximum }: Schema, usual: number): { readonly min: number; readonly max: number } {
  return { min: minimum, max: maximum ?? usual };
}

/** What the text is made of where it has a meaning of its own. */
function textOf(schema: Schema): fc.Arbitrary<string> {
  const { pattern, format, contentMediaType, minLength = 0, maxLength = LONGEST } = schema;
  const lengths = { minLength, maxLength: Math.min(maxLength, LONGEST) };
  if (format === 'date-time' || format === 'date') {
    const [min, max] = [new Date('0001-01-01T00:00:00Z'), new Date('9999-12-31T00:00:00Z')];
    const instant = fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
    return format === 'date' ? instant.map((text) => text.slice(0, 10)) : instant;
  }
  if (contentMediaType === 'application/json') return fc.array(fc.string()).map((names) => JSON.stringify(names));
  if (pattern === undefined) return fc.string({ unit: 'grapheme', ...lengths });
  return fc
    .stringMatching(new RegExp(pattern, 'u'))
    .filter((text) => text.length >= minLength && [...text].length <= (schema.maxLength ?? Number.POSITIVE_INFINITY));
}

/** One in ten properties that are required is missing, and so is every other one. */
function objectOf(schema: Schema, part: (inner: Schema) => fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const given = Object.entries(properties).map(([name, inner]) => {
    const freq = required.includes(name) ? 9 : 1;
    return [name, fc.option(part(inner), { nil: undefined, freq })] as const;
  });
  const known = fc.record(Object.fromEntries(given));
  if (typeof additionalProperties !== 'object') return known;
  const others = fc.dictionary(
    fc.constantFrom('free_lora_training', 'private_models', 'x'),
    part(additionalProperties),
  );
  return fc.tuple(known, others).map(([some, more]) => ({ ...more, ...some }));
}
