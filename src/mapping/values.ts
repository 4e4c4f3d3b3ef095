import { didYouMean } from '../domain/did-you-mean.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { listed } from '../domain/listed.ts';
import type { Attribute, Scalar } from '../domain/member.ts';
import type { MappedWord, MappingFile } from '../generated/mapping.ts';
import { isNamed, ownValue } from './own-value.ts';
import { UnreadableValue } from './unreadable-value.ts';

type Epoch = MappingFile['epoch'];

/** 2000-01-01: earlier, a number counts something else. */
const EARLIEST = 946_684_800_000;
const LATEST = 253_402_300_799_999;

/** Undefined where nothing is there. */
export function instantAt(document: unknown, path: string, epoch: Epoch): Instant | undefined {
  const value = ownValue(document, path);
  if (value === undefined) return undefined;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.getTime();
  if (typeof value === 'number') return fromNumber(path, value, epoch);
  const parsed = typeof value === 'string' ? parseInstant(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw new UnreadableValue(path, value, 'an instant is a date, or a text like `2026-11-22T10:00:00Z`');
}

function fromNumber(path: string, value: number, epoch: Epoch): Instant {
  if (epoch === undefined) {
    throw new UnreadableValue(path, value, 'say what it counts: `epoch: seconds` or `epoch: milliseconds`');
  }
  const at = Math.floor(epoch === 'seconds' ? value * 1000 : value);
  if (at >= EARLIEST && at <= LATEST) return at;
  const other = epoch === 'seconds' ? 'milliseconds' : 'seconds';
  throw new UnreadableValue(path, value, `as ${epoch} that is no instant of our time; does it count ${other}?`);
}

/** A whole number of at least 0; undefined where nothing is there. */
export function countAt(document: unknown, path: string): number | undefined {
  const value = ownValue(document, path);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UnreadableValue(path, value, 'a count is a whole number of at least 0');
}

export function textAt(document: unknown, path: string): string | undefined {
  const value = ownValue(document, path);
  if (value === undefined || typeof value === 'string') return value;
  if (typeof value === 'number' || isObjectId(value)) return String(value);
  throw new UnreadableValue(path, value, 'it must be a text');
}

export function booleanAt(document: unknown, path: string): boolean | undefined {
  const value = ownValue(document, path);
  if (value === undefined || typeof value === 'boolean') return value;
  throw new UnreadableValue(path, value, 'it must be true or false');
}

/** A list of objects. */
export function listAt(document: unknown, path: string, most: number): readonly unknown[] {
  const value = ownValue(document, path);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UnreadableValue(path, value, 'it must be a list');
  if (value.length > most) throw new UnreadableValue(path, value, `a list has at most ${most} entries`);
  const wrong = value.findIndex((each) => each !== undefined && each !== null && !isNamed(each));
  if (wrong === -1) return value;
  throw new UnreadableValue(`${path}.${wrong}`, value[wrong], 'an entry of this list is an object');
}

/** A word as the rules have it; undefined where nothing is there. */
export function wordAt(document: unknown, word: MappedWord): string | undefined {
  if (typeof word === 'string') return textAt(document, word);
  if ('always' in word) return word.always;
  const value = textAt(document, word.path);
  if (value === undefined) return undefined;
  const { values } = word;
  if (Object.hasOwn(values, value)) return values[value];
  const meant = didYouMean(value, Object.keys(values));
  const hint = meant === undefined ? '' : `; did you mean \`${meant}\`?`;
  throw new UnreadableValue(
    word.path,
    ownValue(document, word.path),
    `the mapping knows ${listed(Object.keys(values))}${hint}`,
  );
}

/** A fact for rules: a scalar, a date as text, or a list of those; undefined where nothing is there. */
export function attributeAt(document: unknown, path: string): Attribute | undefined {
  const value = ownValue(document, path);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map((each) => scalar(path, each)) : scalar(path, value);
}

function scalar(path: string, value: unknown): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (isObjectId(value)) return String(value);
  throw new UnreadableValue(path, value, 'an attribute is a text, a number, true or false, or a list of those');
}

function isObjectId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'ObjectId';
}
