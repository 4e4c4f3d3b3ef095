import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigFile } from '../generated/config.ts';
import { type Finding, type Path, pointerOf, sentenceOf } from '../rules/load/finding.ts';
import { type Source, toFinding } from '../rules/load/yaml/source.ts';
import { YamlReader } from '../rules/load/yaml/yaml-reader.ts';
import { sentenceMask } from './masks.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** Read where nobody names another. */
export const USUAL_FILE = 'perkbook.yaml';
/** What others call such a file. */
const OTHER_NAME = 'perkbook.yml';

const files = new YamlReader<ConfigFile>('config');

/** A configuration file, without the lines whose shape is wrong. */
export interface ReadConfigFile {
  /** What it says of a setting, as a variable would; undefined where it says nothing. */
  textOf(setting: Setting<unknown>): string | undefined;
  /** Of a setting that is there. */
  placeOf(setting: Setting<unknown>): Place;
}

/** Where in the file something is. */
export interface Place {
  /** `perkbook.yaml:3:7` */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Takes what is wrong, a line each; with its place, where it is about one. */
export type OnWrong = (text: string, place?: Place) => void;

/** The file that is named, or the usual one where it is there. What is wrong with it is told to `wrong`, a line each. */
export function readConfigFile(named: string | undefined, wrong: OnWrong): ReadConfigFile | undefined {
  const file = named ?? USUAL_FILE;
  if (named === undefined && !existsSync(USUAL_FILE)) {
    if (existsSync(OTHER_NAME)) wrong(`\`${OTHER_NAME}\` is not read; did you mean \`${USUAL_FILE}\`?`);
    return undefined;
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    wrong(`PERKBOOK_CONFIG names \`${file}\`, which cannot be read: ${(error as Error).message}`);
    return undefined;
  }
  // An empty file sets nothing.
  const { read, anyShape, findings } = files.read(/^\s*(#.*\s*)*$/.test(text) ? '{}' : text, file);
  // Not with the line itself, which may hold a password.
  for (const finding of findings) wrong(shownOf(finding), placeOf(finding));
  const found = read ?? anyShape;
  return found === undefined ? undefined : settingsIn(file, found.data, found.source, findings);
}

function settingsIn(file: string, data: unknown, source: Source, findings: readonly Finding[]): ReadConfigFile {
  return {
    textOf({ key, isPath }) {
      if (findings.some(({ path }) => isAbout(pointerOf(key.split('.')), path))) return undefined;
      let value: unknown = data;
      for (const part of key.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
      if (value === undefined) return undefined;
      const text = textOfValue(value);
      // An empty one is wrong, and not the folder of the file.
      return isPath && text.trim() !== '' && !isAbsolute(text) ? join(dirname(file), text) : text;
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

/** Without what somebody wrote where it may hold a password, be it in the wrong form or in the wrong place. */
function shownOf(finding: Finding): string {
  const settings = Object.values<Setting<unknown>>(SETTINGS);
  const masked = settings.find(({ key, mask }) => {
    return mask !== undefined && isWithin(pointerOf(key.split('.')), finding.path);
  });
  if (masked === undefined) return `${nameOf(finding)}${sentenceMask(sentenceOf(finding))}`;
  return `\`${masked.key}\` is not understood; expected ${masked.expected}`;
}

/** Which setting, or which group of them, where the sentence does not begin with its name. */
function nameOf({ code, path }: Finding): string {
  if (code === 'unknown_property' || code === 'missing_property') return '';
  const keys = Object.values(SETTINGS).map(({ key }) => key);
  // Never a name of somebody's own, which may hold a password.
  const groups = keys.flatMap((key) => key.split('.').map((_, i, parts) => parts.slice(0, i + 1).join('.')));
  const named = groups.filter((key) => isWithin(pointerOf(key.split('.')), path)).sort((a, b) => b.length - a.length);
  return named[0] === undefined ? '' : `\`${named[0]}\`: `;
}

function isWithin(outer: string, path: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

function isAbout(setting: string, path: string): boolean {
  return isWithin(setting, path) || isWithin(path, setting);
}

function placeOf({ file, line, column }: Finding): Place {
  return { text: `${file}:${line}:${column}`, line, column };
}
