import { statSync } from 'node:fs';
import { didYouMean } from '../domain/did-you-mean.ts';
import { listed } from '../domain/listed.ts';
import type { ReplayOptions } from './mocha.ts';

const OPTIONS = ['fixtures', 'rules', 'baseUrl', 'onResult'] as const satisfies readonly (keyof ReplayOptions)[];
/** What people call an option who know other tools. */
const OTHER_NAMES: Readonly<Record<string, (typeof OPTIONS)[number]>> = {
  url: 'baseUrl',
  server: 'baseUrl',
  scenarios: 'fixtures',
  files: 'fixtures',
};

/**
 * The options of `replay`, checked also where no compiler does: an option that is not read would let tests pass that never ran
 * against what was meant. Throws with one sentence.
 */
export function checkedOptions(options: ReplayOptions): ReplayOptions {
  for (const name of Object.keys(options)) {
    if ((OPTIONS as readonly string[]).includes(name)) continue;
    if (name === 'apiKey') throw new TypeError('unknown option `apiKey`; the key is in PERKBOOK_API_KEY');
    const meant = OTHER_NAMES[name] ?? didYouMean(name, OPTIONS);
    const hint = meant === undefined ? `; there is ${listed(OPTIONS, 'and')}` : `; did you mean \`${meant}\`?`;
    throw new TypeError(`unknown option \`${name}\`${hint}`);
  }
  const { fixtures, rules, baseUrl, onResult } = options as Partial<Record<keyof ReplayOptions, unknown>>;
  const isList = Array.isArray(fixtures) && fixtures.length > 0 && fixtures.every(isText);
  if (!isText(fixtures) && !isList)
    throw new TypeError('`fixtures` is missing: name the scenario files, such as `fixtures`');
  if (!isText(rules)) throw new TypeError('`rules` is missing: name the folder of the rule sets, such as `rules`');
  if (baseUrl !== undefined && !isText(baseUrl) && typeof baseUrl !== 'function')
    throw new TypeError('`baseUrl` is the address of a server, or a function that returns it');
  if (onResult !== undefined && typeof onResult !== 'function') throw new TypeError('`onResult` is a function');
  if (statSync(rules, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`there is no folder \`${rules}\` with rules`);
  return options;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
