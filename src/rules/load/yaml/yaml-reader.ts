import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { packageFile } from '../../../package/package-file.ts';
import { type Finding, type Problem, pathOf, pointerOf } from '../finding.ts';
import { parseYaml } from './parse-yaml.ts';
import { EDITOR_KEYWORDS, type SchemaError } from './schema.ts';
import { explainSchemaError } from './schema-messages.ts';
import { type Source, toFinding } from './source.ts';
import { toData } from './to-data.ts';

/** What a file holds, with the places of everything in it. */
export interface ReadYaml<T> {
  readonly data: T;
  readonly source: Source;
}

/** Reads YAML files whose shape one schema says. */
export class YamlReader<T> {
  readonly #schema: string;
  #matches: ValidateFunction<T> | undefined;

  /** `schema`: its name in `schemas/`. */
  constructor(schema: string) {
    this.#schema = schema;
  }

  /**
   * `read` is undefined when something was found. `anyShape`: what is there all the same, where it is sound as YAML. `file`: for findings.
   */
  read(
    text: string,
    file: string,
  ): {
    readonly read: ReadYaml<T> | undefined;
    readonly anyShape?: ReadYaml<unknown>;
    readonly findings: readonly Finding[];
  } {
    const problems: Problem[] = [];
    const report = (problem: Problem) => void problems.push(problem);
    const source = parseYaml(text, file, report);
    if (source === undefined)
      return { read: undefined, findings: problems.map((problem) => withoutSource(problem, file)) };
    const { data, broken } = toData(source, report);
    // What is wrong as YAML would only be said again, less clearly.
    const isSound = problems.length === 0;
    if (isSound) {
      this.#matches ??= compiled<T>(this.#schema);
      if (this.#matches(data)) return { read: { data, source }, findings: [] };
      for (const error of meant(this.#matches.errors ?? [])) {
        const path = pathOf(error.instancePath);
        if (!broken.has(pointerOf(path))) report(explainSchemaError(error as SchemaError, path, source).problem);
      }
    }
    const findings = problems.map((problem) => toFinding(source, problem));
    return { read: undefined, findings, ...(isSound ? { anyShape: { data, source } } : {}) };
  }
}

function compiled<T>(schema: string): ValidateFunction<T> {
  const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true });
  ajv.addVocabulary([...EDITOR_KEYWORDS]);
  return ajv.compile<T>(JSON.parse(readFileSync(packageFile(`schemas/${schema}.schema.json`), 'utf8')));
}

/**
 * A union complains about each of its branches. Where the value is a map, the branch of maps was meant, and what that says
 * helps; else only the union's own word.
 */
function meant(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf');
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') return !isMap(error.data) || !hasInside(errors, error);
    return unions.every((union) => {
      const inside =
        error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`);
      if (!inside) return true;
      return isMap(union.data) && !(error.keyword === 'type' && error.instancePath === union.instancePath);
    });
  });
}

function hasInside(errors: readonly ErrorObject[], union: ErrorObject): boolean {
  return (
    errors.some(
      (each) =>
        each !== union &&
        each.keyword !== 'type' &&
        each.instancePath.startsWith(union.instancePath) &&
        each.keyword !== 'anyOf',
    ) || errors.some((each) => each.instancePath.startsWith(`${union.instancePath}/`))
  );
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutSource({ code, message }: Problem, file: string): Finding {
  return { severity: 'error', code, message, file, line: 1, column: 1, path: '' };
}
