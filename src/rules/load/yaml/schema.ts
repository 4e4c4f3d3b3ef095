import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { parseInstant } from '../../../domain/instant.ts';
import { packageFile } from '../../../package/package-file.ts';

/** Keywords that tools read and AJV does not: messages for editors (and for us), and a hint for the generated types. */
export const EDITOR_KEYWORDS = ['errorMessage', 'patternErrorMessage', 'tsType'] as const;

export type SchemaError = ErrorObject & { readonly parentSchema?: SchemaNode };

/** What a schema node says that messages are made of. */
export interface SchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly errorMessage?: string;
  readonly patternErrorMessage?: string;
  readonly properties?: Readonly<Record<string, SchemaNode & { readonly $ref?: string }>>;
}

export interface RuleFileSchema extends SchemaNode {
  readonly definitions: Readonly<Record<string, SchemaNode>>;
}

let compiled: { readonly schema: RuleFileSchema; readonly validate: ValidateFunction } | undefined;

/** The schema of rule files and its validator, made when they are first needed: making it takes a while. */
function ruleFileSchema(): NonNullable<typeof compiled> {
  if (compiled === undefined) {
    const schema = JSON.parse(readFileSync(packageFile('schemas/rule-file.schema.json'), 'utf8')) as RuleFileSchema;
    // That the schema itself is sound is tested; checking it again at each start would double the time.
    const ajv = new Ajv({
      allErrors: true,
      verbose: true,
      discriminator: true,
      strict: true,
      validateSchema: false,
      meta: false,
      code: { optimize: false },
      formats: { 'date-time': (text: string) => parseInstant(text) !== undefined },
    });
    ajv.addVocabulary([...EDITOR_KEYWORDS]);
    // Without its draft: no meta schema is loaded that could know it.
    const { $schema: _, ...rules } = schema as RuleFileSchema & { $schema?: string };
    compiled = { schema, validate: ajv.compile(rules) };
  }
  return compiled;
}

/** Everything that the schema says against the data. */
export function schemaErrors(data: unknown): readonly SchemaError[] {
  const { validate } = ruleFileSchema();
  return validate(data) ? [] : ((validate.errors ?? []) as readonly SchemaError[]);
}

/** What the schema says of a property of a node: its own description, or that of the definition it refers to. */
export function describedAs(node: SchemaNode | undefined, property: string): string | undefined {
  const schema = node?.properties?.[property];
  const name = schema?.$ref?.split('/').at(-1);
  return (
    schema?.description ?? (name === undefined ? undefined : ruleFileSchema().schema.definitions[name]?.description)
  );
}
