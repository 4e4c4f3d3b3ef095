import type { ScenarioFile } from '../../generated/scenario.ts';
import { type ReadYaml, YamlReader } from '../../rules/load/yaml/yaml-reader.ts';

/** A scenario file whose shape is right, with the places of everything in it. */
export type ReadFile = ReadYaml<ScenarioFile>;

export const scenarioFiles = new YamlReader<ScenarioFile>('scenario');
