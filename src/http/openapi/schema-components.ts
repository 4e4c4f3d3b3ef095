import { readSchema } from '../../api/schema.ts';
import type { SchemaName } from '../../generated/schema-name.ts';

type Json = Readonly<Record<string, unknown>>;

const SUFFIX = '.schema.json';
/** What JSON Schema files say for others than the readers of the description. */
const DROPPED: ReadonlySet<string> = new Set([
  ...['$schema', '$id', 'title', 'tsType', 'errorMessage', 'patternErrorMessage'],
]);

/**
 * The schemas that a description refers to, as its components. A file is one component, and so is each of its definitions, called as
 * their titles say: `ApiDecision` is `Decision`. What they refer to comes along.
 */
export class SchemaComponents {
  readonly #files = new Map<string, Json>();
  readonly #components = new Map<string, unknown>();
  /** Which file and definition has taken a name. */
  readonly #owners = new Map<string, string>();

  /** A reference to the schema, which is a component from then on. */
  reference(name: SchemaName): { readonly $ref: string } {
    const [file = '', definition] = name.split('#');
    return { $ref: this.#pointer(file, definition === undefined ? [] : ['definitions', definition]) };
  }

  /** By name, in the order of the names. */
  all(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Where in the description a part of a file is. */
  #pointer(file: string, path: readonly string[]): string {
    const [first, key, ...inner] = path;
    const isDefinition = first === 'definitions' && key !== undefined;
    const component = this.#component(file, isDefinition ? key : undefined);
    return ['#', 'components', 'schemas', component, ...(isDefinition ? inner : path)].join('/');
  }

  #component(file: string, definition: string | undefined): string {
    const whole = this.#file(file);
    const part = definition === undefined ? whole : (whole.definitions as Readonly<Record<string, Json>>)[definition];
    if (part === undefined) throw new Error(`schemas/${file}${SUFFIX} has no definition \`${definition}\``);
    const title = (part.title as string | undefined) ?? `${String(whole.title)}${pascalCase(definition ?? '')}`;
    const name = title.replace(/^Api/, '');
    const owner = `${file}#${definition ?? ''}`;
    const taken = this.#owners.get(name);
    if (taken === owner) return name;
    if (taken !== undefined) throw new Error(`\`${taken}\` and \`${owner}\` are both called \`${title}\``);
    this.#owners.set(name, owner);
    // Before what is in it is looked at, which may refer to it.
    this.#components.set(name, undefined);
    this.#components.set(name, this.#rewritten(part, file));
    return name;
  }

  #file(file: string): Json {
    const known = this.#files.get(file) ?? (readSchema(file) as Json);
    this.#files.set(file, known);
    return known;
  }

  #rewritten(value: unknown, file: string): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#rewritten(each, file));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        // A property may have the name of a word that is dropped; what it is is then a schema.
        .filter(([key, each]) => key !== 'definitions' && (!DROPPED.has(key) || typeof each === 'object'))
        .map(([key, each]) => [key, this.#rewrittenAs(key, each, file)]),
    );
  }

  #rewrittenAs(key: string, value: unknown, file: string): unknown {
    if (key === '$ref') return this.#followed(String(value), file);
    // Examples are no schemas.
    return key === 'examples' && Array.isArray(value) ? value : this.#rewritten(value, file);
  }

  /** `../common/instant.schema.json#/properties/x`, as it stands in a file. */
  #followed(reference: string, from: string): string {
    const [target = '', pointer = ''] = reference.split('#');
    const base = new URL(`schemas:///${from}${SUFFIX}`);
    const file = target === '' ? from : new URL(target, base).pathname.slice(1, -SUFFIX.length);
    return this.#pointer(file, pointer.split('/').slice(1));
  }
}

function pascalCase(words: string): string {
  return words.replaceAll(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
