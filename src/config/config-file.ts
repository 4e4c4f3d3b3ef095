import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigFile } from '../generated/config.ts';
import { type Finding, type Path, sentenceOf } from '../rules/load/finding.ts';
import { type Source, toFinding } from '../rules/load/source.ts';
import { YamlReader } from '../rules/load/yaml-reader.ts';
import type { Setting } from './settings.ts';

/** Read where nobody names another. */
export const USUAL_FILE = 'perkbook.yaml';

const files = new YamlReader<ConfigFile>('config');

/** A configuration file whose shape is right. */
export interface ReadConfigFile {
  /** What it says of a setting, as a variable would; undefined where it says nothing. */
  textOf(setting: Setting<unknown>): string | undefined;
  /** `perkbook.yaml:3:7`, of a setting that is there. */
  placeOf(setting: Setting<unknown>): string;
}

/** The file that is named, or the usual one where it is there. What is wrong with it is told to `wrong`, a line each. */
export function readConfigFile(named: string | undefined, wrong: (line: string) => void): ReadConfigFile | undefined {
  const file = named ?? USUAL_FILE;
  if (named === undefined && !existsSync(USUAL_FILE)) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    wrong(`PERKBOOK_CONFIG names \`${file}\`, which cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  // An empty file sets nothing.
  const { read, findings } = files.read(/^\s*(#.*\s*)*$/.test(text) ? '{}' : text, file);
  // Not with the line itself, which may hold a password.
  for (const finding of findings) wrong(`${placeOf(finding)} ${sentenceOf(finding)}`);
  return read === undefined ? undefined : settingsIn(file, read.data, read.source);
}

function settingsIn(file: string, data: ConfigFile, source: Source): ReadConfigFile {
  return {
    textOf({ key, isPath }) {
      let value: unknown = data;
      for (const part of key.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
      if (value === undefined) return undefined;
      const text = textOfValue(value);
      return isPath === true && !isAbsolute(text) ? join(dirname(file), text) : text;
    },
    placeOf({ key }) {
      const path: Path = key.split('.');
      return placeOf(toFinding(source, { code: 'wrong_value', message: '', path }));
    },
  };
}

/** As a variable would have it: `true` is `on`, a list is joined. */
function textOfValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : String(value);
}

function placeOf({ file, line, column }: Finding): string {
  return `${file}:${line}:${column}`;
}
