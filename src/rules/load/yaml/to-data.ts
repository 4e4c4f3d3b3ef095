import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { type Path, type Problem, pointerOf, type Report } from '../finding.ts';
import { checkKey, isBraces, isThousandsKey, oddNumber, standsAlone, withCommas } from './check-key.ts';
import { isDottedThousands, isOddNumber, isThousandsTail } from './numbers.ts';
import { keyText, type Source } from './source.ts';

/** Deeper than any condition that people can read. */
const DEEPEST = 64;
/** With what aliases repeat: a few lines of them could stand for millions of nodes. */
const MOST_NODES = 1_000_000;
const MOST_ALIASES = 1_000;

/** A rule file as plain data. */
export interface FileData {
  readonly data: unknown;
  /** Pointers of values that were reported and left out: nothing more is to be said of them. */
  readonly broken: Set<string>;
}

/** What stands for a value that was reported. */
const BROKEN = Symbol('broken');

/**
 * The tree as plain data, without what a reader would misunderstand: numbers as keys, twice the same key, `300,000`.
 * Each of these is reported with its place and left out.
 */
export function toData(source: Source, report: Report): FileData {
  const reader = new Reader(source, report);
  const data = reader.read(source.document.contents);
  return { data: data === BROKEN ? undefined : data, broken: reader.broken };
}

class Reader {
  readonly broken = new Set<string>();
  readonly #source: Source;
  readonly #report: Report;
  readonly #path: (string | number)[] = [];
  /** Marked with `&`, and being read: an alias in there would go on forever. */
  readonly #open = new Set<Node>();
  #nodes = 0;
  #aliases = 0;
  #full = false;

  constructor(source: Source, report: Report) {
    this.#source = source;
    this.#report = report;
  }

  read(node: Node | null | undefined): unknown {
    if (++this.#nodes > MOST_NODES || this.#path.length > DEEPEST) return this.#tooLarge(node);
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.#readAlias(node);
    if (node.tag !== undefined) {
      const start = node.range?.[0] ?? 0;
      const before = this.#source.text.slice(Math.max(0, start - 200), start);
      const offset = start - (/!\S*\s*(?:&\S+\s*)?$/.exec(before)?.[0].length ?? 0);
      return this.#break(node, 'custom_tag', 'tags (`!`) have no place in a rule file: leave it out', offset);
    }
    if (isScalar(node)) return this.#readScalar(node);
    if (node.anchor === undefined) return this.#readCollection(node);
    this.#open.add(node);
    const value = this.#readCollection(node);
    this.#open.delete(node);
    return value;
  }

  #readCollection(node: Node): unknown {
    if (isSeq(node)) return this.#readList(node.items as (Node | null)[]);
    if (isMap(node)) return this.#readMap(node as YAMLMap<Node, Node | null>);
    return null;
  }

  #readAlias(node: Node): unknown {
    const target = isAlias(node) ? node.resolve(this.#source.document) : undefined;
    if (target === undefined)
      return this.#break(node, 'bad_alias', 'an alias (`*`) must name something marked with `&` before it');
    if (++this.#aliases > MOST_ALIASES || this.#open.has(target)) {
      return this.#break(node, 'bad_alias', 'there are too many aliases (`*`), or one stands inside of what it names');
    }
    return this.read(target);
  }

  #readScalar(node: Scalar): unknown {
    const { value, source = '' } = node;
    if (typeof value !== 'number') return value;
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      return this.#break(
        node,
        'number_too_large',
        `\`${source}\` is not a number that can be counted with: the largest is 9007199254740991`,
      );
    }
    if (isOddNumber(source, value)) {
      const { code, message } = oddNumber(source, value);
      return this.#break(node, code, message);
    }
    if (isDottedThousands(source, this.#path)) {
      const plain = source.replaceAll('.', '');
      return this.#break(
        node,
        'thousands_separator',
        `\`${source}\` is read as ${value}: write \`${plain}\`, or \`${value}\` if it is that`,
      );
    }
    return value;
  }

  #readList(items: readonly (Node | null)[]): unknown {
    const list: unknown[] = [];
    for (const [index, item] of items.entries()) {
      this.#path.push(index);
      const value = this.read(item);
      this.#path.pop();
      // A hole keeps the positions of what follows.
      list.push(value === BROKEN ? undefined : value);
    }
    return list;
  }

  #readMap(map: YAMLMap<Node, Node | null>): unknown {
    if (isBraces(map)) {
      return this.#break(
        map,
        'braces',
        'two braces mean nothing here: write one, `{limit}`, and put the whole text in quotes',
      );
    }
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    let previous: Pair<Node, Node | null> | undefined;
    for (const [index, pair] of map.items.entries()) {
      if (this.#full) break;
      if (isThousandsTail(map, previous, pair, this.#source.text)) {
        this.#breakThousands(map, previous, pair, result);
        continue;
      }
      const [first, second] = [map.items[index - 1], map.items[index + 1]];
      previous = pair;
      const key = keyText(pair.key);
      // `{1,000: …}` was reported at its first half.
      if (map.flow === true && first !== undefined && isThousandsKey(first, pair)) continue;
      if (map.flow === true && isThousandsKey(pair, second)) {
        const number = `${key}${keyText(second?.key)?.padStart(3, '0')}`;
        this.#reportAt(withCommas(`${key},${number.slice(-3)}`, number), key, pair.key);
        continue;
      }
      const problem = checkKey(pair.key, key, this.#path) ?? standsAlone(map, pair, key);
      if (problem !== undefined) this.#reportAt(problem, key, pair.key);
      if (key === undefined || problem !== undefined) continue;
      const identity = isRows(this.#path) ? String(Number(key)) : key;
      const unique = identity === 'NaN' ? key : identity;
      if (seen.has(unique)) {
        const message = `\`${key}\` is there twice: the same key may be given only once`;
        this.#report({ code: 'duplicate_key', message, path: [...this.#path, key], offset: pair.key.range?.[0] ?? 0 });
        continue;
      }
      seen.add(unique);
      this.#path.push(key);
      const value = this.read(pair.value);
      if (value !== BROKEN) define(result, key, value);
      this.#path.pop();
    }
    return result;
  }

  /** `300,000` in a flow map is the number 300 and a key 000. */
  #breakThousands(
    map: YAMLMap<Node, Node | null>,
    previous: Pair<Node, Node | null> | undefined,
    tail: Pair<Node, Node | null>,
    result: Record<string, unknown>,
  ): void {
    const key = keyText(previous?.key);
    const start = previous?.value?.range?.[0];
    if (key === undefined || start === undefined) return;
    const path = [...this.#path, key];
    if (this.broken.has(pointerOf(path))) return;
    const first = map.items.indexOf(tail);
    let end = tail.key.range?.[1] ?? start;
    for (let next = first + 1; next < map.items.length; next++) {
      const item = map.items[next];
      if (item === undefined || !isThousandsTail(map, previous, item, this.#source.text)) break;
      end = item.key.range?.[1] ?? end;
    }
    const written = this.#source.text.slice(start, end);
    const message = `\`${written}\` has commas in it: write \`${written.replaceAll(/[,\s]/g, '')}\``;
    this.broken.add(pointerOf(path));
    delete result[key];
    this.#report({ code: 'thousands_separator', message, path, offset: start });
  }

  #reportAt(problem: Omit<Problem, 'path'>, key: string | undefined, node: Node): void {
    const path = key === undefined ? [...this.#path] : [...this.#path, key];
    this.#report({ ...problem, path, offset: node.range?.[0] ?? 0 });
    this.broken.add(pointerOf(path));
  }

  #break(node: Node, code: Problem['code'], message: string, offset = node.range?.[0] ?? 0): typeof BROKEN {
    const path: Path = [...this.#path];
    this.broken.add(pointerOf(path));
    this.#report({ code, message, path, offset });
    return BROKEN;
  }

  #tooLarge(node: Node | null | undefined): typeof BROKEN {
    if (!this.#full) {
      const message = 'this file is too large, or nested too deeply, to be read';
      this.#report({ code: 'too_large', message, path: [...this.#path], offset: node?.range?.[0] ?? 0 });
    }
    this.#full = true;
    return BROKEN;
  }
}

/** INVARIANT: a key of the file is always a property of the object itself, also `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The rows of a table, whose keys are compared as numbers. */
export function isRows(path: Path): boolean {
  return path.length === 3 && path[0] === 'perks' && path[2] === 'rows';
}
