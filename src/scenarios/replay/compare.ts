import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../rules/load/shape/tree.ts';
import type { Expectation } from '../compile/scenario.ts';
import type { DoorReply, Json } from './door.ts';
import type { Difference } from './results.ts';

/** What an answer says otherwise than expected. Nothing: it is as expected. */
export function compareReply(
  { exact, laterStarts, tookPart, error }: Expectation,
  reply: DoorReply,
): readonly Difference[] {
  if (!reply.ok) {
    if (error === null)
      return [{ path: 'answer', expected: summaryOf(exact), actual: `problem \`${reply.code}\`: ${reply.detail}` }];
    return [
      ...different('error', error.code, reply.code),
      ...(error.field === undefined ? [] : different('field', error.field, reply.field)),
    ];
  }
  if (error !== null) return [{ path: 'error', expected: error.code, actual: answerOf(reply.body) }];
  const differences = [...exact].flatMap(([path, expected]) => {
    const actual = valueAt(reply.body, path);
    // An answer that was not replayed may leave the word out.
    if (expected === false && actual === undefined && path[0] === 'replayed') return [];
    if (path[0] === 'validUntil' && endsSooner(expected, actual, reply.body.at, laterStarts)) return [];
    return isRecord(expected) && isRecord(actual)
      ? differentParts(path.join('.'), expected, actual)
      : different(path.join('.'), expected, actual);
  });
  const took =
    tookPart === null ? [] : different('tookPart', tookPart, Object.keys((reply.body.values ?? {}) as object));
  return [...differences, ...took];
}

/** Whether `actual` has everything that `expected` names, at any depth. */
export function compareSubset(expected: Json, actual: unknown, path: string): readonly Difference[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const place = path === '' ? key : `${path}.${key}`;
    const found = isRecord(actual) && Object.hasOwn(actual, key) ? actual[key] : undefined;
    return isRecord(value) && isRecord(found) ? compareSubset(value, found, place) : different(place, value, found);
  });
}

/**
 * A story of the past knows nothing of the versions that came after it was written. That the next of them ends an answer sooner is no
 * difference: with every version that is scheduled, stories that have nothing to do with it would have to be changed.
 */
function endsSooner(expected: unknown, actual: unknown, at: unknown, laterStarts: readonly string[]): boolean {
  if (typeof actual !== 'string' || !laterStarts.includes(actual)) return false;
  if (typeof at !== 'string' || Date.parse(actual) <= Date.parse(at)) return false;
  return expected === null || (typeof expected === 'string' && Date.parse(actual) < Date.parse(expected));
}

function summaryOf(exact: Expectation['exact']): unknown {
  for (const [path, value] of exact)
    if (path.join('.') === 'reason.code' || path.join('.') === 'decision') return value;
  return 'an answer';
}

function answerOf(body: Json): unknown {
  return valueAt(body, ['reason', 'code']) ?? body.decision ?? 'an answer';
}

/** Each part that differs, also those that only one side has. */
function differentParts(path: string, expected: Json, actual: Json): readonly Difference[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap((key) =>
    different(`${path}.${key}`, expected[key], actual[key]),
  );
}

function different(path: string, expected: unknown, actual: unknown): readonly Difference[] {
  return isDeepStrictEqual(expected, actual) ? [] : [{ path, expected, actual }];
}

function valueAt(body: Json, path: readonly string[]): unknown {
  let value: unknown = body;
  for (const key of path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
