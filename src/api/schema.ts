import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { packageFile } from '../package/package-file.ts';

/** Reads `schemas/<name>.schema.json`. */
export function readSchema(name: string): object {
  return JSON.parse(readFileSync(packageFile(`schemas/${name}.schema.json`), 'utf8'));
}

const ajv = new Ajv({ ownProperties: true, strict: true, allowUnionTypes: true, verbose: true });

/**
 * The check of a wire type, compiled when it is first needed: together they would take a tenth of the start.
 * Schemas that it refers to by name must be given with it.
 */
export class SchemaCheck<T> {
  private compiled: ValidateFunction<T> | undefined;
  private readonly name: string;
  private readonly definition: string;
  private readonly referred: readonly string[];

  /** `definition`: the part of the schema that is meant, `#/definitions/term`; the whole where absent. */
  constructor(name: string, { definition = '', referred = [] }: SchemaPart = {}) {
    this.name = name;
    this.definition = definition;
    this.referred = referred;
  }

  matches(value: unknown): value is T {
    this.compiled ??= this.compile();
    return this.compiled(value);
  }

  /** What was wrong with the value that did not match last. */
  get errors(): ValidateFunction<T>['errors'] {
    return this.compiled?.errors;
  }

  private compile(): ValidateFunction<T> {
    for (const name of [...this.referred, this.name]) {
      if (!known.has(name)) ajv.addSchema(readSchema(name));
      known.add(name);
    }
    return ajv.compile<T>({ $ref: schemaId(this.name) + this.definition });
  }
}

interface SchemaPart {
  readonly definition?: string;
  readonly referred?: readonly string[];
}

const known = new Set<string>();

/** The check of a schema made at run time, such as the inputs that an action declares. */
export function compileSchemaObject<T>(schema: object): ValidateFunction<T> {
  return ajv.compile<T>(schema);
}

function schemaId(name: string): string {
  return `https://perkbook.dev/schemas/${name}.schema.json`;
}
