import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** Reads `schemas/<name>.schema.json`. The folder lies beside `dist` in the package. */
export function readSchema(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
}

const ajv = new Ajv({ ownProperties: true, strict: true, allowUnionTypes: true, verbose: true });

/** The check of a wire type, compiled once at start. Schemas that it refers to by name must be given with it. */
export function compileSchema<T>(name: string, referred: readonly string[] = []): ValidateFunction<T> {
  for (const other of referred) if (ajv.getSchema(schemaId(other)) === undefined) ajv.addSchema(readSchema(other));
  return (ajv.getSchema(schemaId(name)) as ValidateFunction<T> | undefined) ?? ajv.compile<T>(readSchema(name));
}

/** The check of a schema made at run time, such as the inputs that an action declares. */
export function compileSchemaObject<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

function schemaId(name: string): string {
  return `https://perkbook.dev/schemas/${name}.schema.json`;
}
