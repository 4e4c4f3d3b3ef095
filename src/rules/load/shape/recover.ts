import type { Path } from '../finding.ts';

/** A part of a file that cannot be read as YAML, and the file without it: blanks in its place, so that all else stays where it is. */
export interface Recovered {
  readonly text: string;
  /**
   * What was taken out: a section such as `perks`, or one entry of it; and what stood in it behind a tab, wherever that belongs. That
   * it is missing follows.
   */
  readonly paths: readonly Path[];
  readonly from: number;
  readonly to: number;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  /** The key that the line begins with; absent for a line without one. */
  readonly key: string | undefined;
  readonly isEmpty: boolean;
}

/**
 * The file without what is most likely broken at a place, the smallest part first: the entry there, the entry before it (a bracket
 * or a quote that is never closed is only noticed later), the whole section.
 */
export function withoutBroken(text: string, offset: number): readonly Recovered[] {
  const lines = linesOf(text);
  const at = lines.findLastIndex(({ start }) => start <= offset);
  // What is below belongs to it, and looks as if it belonged to the section before.
  if (SECTION_BEHIND_TAB.test(text.slice(lines[at]?.start, lines[at]?.end))) return [];
  const section = lines.findLastIndex(({ indent, key }, index) => index <= at && indent === 0 && key !== undefined);
  const name = lines[section]?.key;
  if (name === undefined) return [];
  const end = lines.findIndex(({ indent, key }, index) => index > section && indent === 0 && key !== undefined);
  const inside = range(section + 1, end === -1 ? lines.length : end).filter((index) => lines[index]?.isEmpty === false);
  const indent = lines[inside[0] ?? -1]?.indent ?? 0;
  const entries = inside.filter((index) => lines[index]?.indent === indent && lines[index]?.key !== undefined);
  const taken = (from: number, to: number, path: Path): Recovered => {
    const start = lines[from]?.start ?? 0;
    const stop = lines[to - 1]?.end ?? text.length;
    const blank = text.slice(start, stop).replaceAll(/[^\r\n]/g, ' ');
    const behindTab = lines
      .slice(from, to)
      .flatMap(({ start: first, indent: width, key }) =>
        key !== undefined && text.slice(first, first + width).includes('\t') ? [[name, key], [key]] : [],
      );
    return {
      text: text.slice(0, start) + blank + text.slice(stop),
      paths: [path, ...behindTab],
      from: start,
      to: stop,
    };
  };
  const last = end === -1 ? lines.length : end;
  const whole = taken(section, last, [name]);
  const here = entries.findLastIndex((index) => index <= at);
  const of = (position: number): readonly Recovered[] => {
    const from = entries[position];
    const key = from === undefined ? undefined : lines[from]?.key;
    return from === undefined || key === undefined ? [] : [taken(from, entries[position + 1] ?? last, [name, key])];
  };
  return here === -1 ? [whole] : [...of(here), ...of(here - 1), whole];
}

const SECTION_BEHIND_TAB =
  /^\t+(?:effective|statements|calendar|tiers|perks|actions|rules|conditions|attributes|resources):\s*(?:#.*)?$/;
const KEY = /^([ \t]*)(?:"([^"]+)"|'([^']+)'|([^\s#:'"{[-][^:]*?))\s*:(?:\s|$)/;

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((written) => {
    const [, , double, single, plain] = KEY.exec(written) ?? [];
    const line = {
      start,
      end: start + written.length,
      indent: written.length - written.trimStart().length,
      key: double ?? single ?? plain,
      isEmpty: /^\s*(?:#|$)/.test(written),
    };
    start += written.length + 1;
    return line;
  });
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
