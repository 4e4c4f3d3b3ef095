import { Ajv, type ErrorObject } from 'ajv';
import { readSchema } from '../../api/schema.ts';
import type { ScenarioFile } from '../../generated/scenario.ts';
import { type Finding, type Problem, pathOf, pointerOf } from '../../rules/load/finding.ts';
import { parseYaml } from '../../rules/load/parse-yaml.ts';
import { EDITOR_KEYWORDS, type SchemaError } from '../../rules/load/schema.ts';
import { explainSchemaError } from '../../rules/load/schema-messages.ts';
import { type Source, toFinding } from '../../rules/load/source.ts';
import { toData } from '../../rules/load/to-data.ts';

/** A scenario file whose shape is right, with the places of everything in it. */
export interface ReadFile {
  readonly file: ScenarioFile;
  readonly source: Source;
}

const ajv = new Ajv({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true });
ajv.addVocabulary([...EDITOR_KEYWORDS]);
const isScenarioFile = ajv.compile<ScenarioFile>(readSchema('scenario'));

/** The text of a scenario file, read and checked by the schema. Undefined when something was found. `name`: for findings. */
export function readScenarioFile(
  text: string,
  name: string,
): { readonly read: ReadFile | undefined; readonly findings: readonly Finding[] } {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const source = parseYaml(text, name, report);
  if (source === undefined)
    return { read: undefined, findings: problems.map((problem) => withoutSource(problem, name)) };
  const { data, broken } = toData(source, report);
  // What is wrong as YAML would only be said again, less clearly.
  if (problems.length === 0) {
    if (isScenarioFile(data)) return { read: { file: data, source }, findings: [] };
    for (const error of meant(isScenarioFile.errors ?? [])) {
      const path = pathOf(error.instancePath);
      if (!broken.has(pointerOf(path))) report(explainSchemaError(error as SchemaError, path, source).problem);
    }
  }
  return { read: undefined, findings: problems.map((problem) => toFinding(source, problem)) };
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
