import { formatInstant } from '../../domain/instant.ts';
import { PROBLEM_CODES } from '../../domain/problem.ts';
import type { Expect, ExpectParts } from '../../generated/scenario.ts';
import type { Path } from '../../rules/load/finding.ts';
import { isRecord } from '../../rules/load/shape/tree.ts';
import { type Context, isKnown, newestOf } from './context.ts';
import type { Expectation } from './scenario.ts';
import { noInstant } from './term-text.ts';
import { parseTime } from './time-text.ts';

export const ALLOW = 'allow';

/** What an answer to a question about this action has to say. A code that the action can never give is a finding. */
export function compileExpect(expect: Expect, action: string, path: Path, context: Context): Expectation {
  const parts: ExpectParts =
    typeof expect !== 'string' ? expect : expect === ALLOW ? { decision: ALLOW } : { code: expect };
  const at = (key: string) => (typeof expect === 'string' ? path : [...path, key]);
  checkParts(parts, action, path, at, context);
  const exact = new Map<readonly string[], unknown>();
  const want = (place: readonly string[], value: unknown) => void (value !== undefined && exact.set(place, value));
  want(['decision'], parts.decision ?? (parts.code === undefined ? undefined : 'deny'));
  want(['reason', 'code'], parts.code);
  want(['reason', 'perk'], parts.perk);
  want(['reason', 'message'], parts.message);
  for (const [perk, values] of Object.entries(parts.values ?? {})) {
    want(['values', perk], withInstants(values, [...at('values'), perk], context));
  }
  want(['unlockedBy'], parts.unlockedBy);
  want(['validUntil'], instantOrNull(parts.validUntil, at('validUntil'), context));
  want(['tier'], parts.tier);
  want(['membership'], parts.membership);
  want(['ruleSet', 'version'], parts.version);
  want(['degraded'], parts.degraded);
  want(['consumed'], parts.consumed);
  for (const [perk, values] of Object.entries(parts.after ?? {})) {
    want(['after', perk], withInstants(values, [...at('after'), perk], context));
  }
  want(['replayed'], parts.replayed);
  return {
    exact,
    laterStarts: context.ruleSet.versions.slice(1).map((version) => formatInstant(version.from)),
    tookPart: parts.tookPart ?? null,
    error: parts.error === undefined ? null : { code: parts.error, field: parts.field },
  };
}

/** Whether a problem is expected, and so a question that cannot be decided. */
export function expectsProblem(expect: Expect | undefined): boolean {
  return typeof expect === 'object' && expect.error !== undefined;
}

function checkParts(parts: ExpectParts, action: string, path: Path, at: (key: string) => Path, context: Context): void {
  checkVerdict(parts, path, context);
  checkBesideError(parts, at, context);
  if (parts.error !== undefined)
    isKnown(context, { name: parts.error, known: PROBLEM_CODES, what: 'code of a problem', path: at('error') });
  if (parts.code !== undefined && !expectsProblem(parts)) {
    const known = codesOf(context, action);
    if (known !== undefined)
      isKnown(context, { name: parts.code, known, what: `answer to \`${action}\``, path: at('code') });
  }
  const named = [
    ...Object.keys(parts.values ?? {}).map((name) => ({ name, path: [...at('values'), name] })),
    ...Object.keys(parts.after ?? {}).map((name) => ({ name, path: [...at('after'), name] })),
    ...(parts.tookPart ?? []).map((name, i) => ({ name, path: [...at('tookPart'), i] })),
  ];
  const known = valuesOf(context, action);
  for (const { name, path: place } of named) {
    if (known !== undefined)
      isKnown(context, { name, known, what: `perk or answer of \`${action}\``, path: place, atKey: true });
  }
  for (const key of ['values', 'after'] as const) {
    if (parts[key] === undefined || Object.keys(parts[key]).length > 0) continue;
    const message = `\`${key}\` is empty, and nothing is compared: name a perk and all that is said of it`;
    context.report({ code: 'missing_property', message, path: at(key) });
  }
  const tiers = newestOf(context).tiers.map(({ id }) => id);
  for (const key of ['tier', 'unlockedBy'] as const) {
    const tier = parts[key];
    if (typeof tier === 'string')
      isKnown(context, { name: tier, known: tiers, what: 'tier', path: at(key), code: 'unknown_tier' });
  }
}

/** Something is expected, and nothing that contradicts itself. Any part of the answer may be expected alone. */
function checkVerdict(parts: ExpectParts, path: Path, { report }: Context): void {
  if (Object.keys(parts).length === 0) {
    const message = 'nothing is expected here: write `allow`, the code of a denial, or parts of the answer';
    report({ code: 'wrong_value', message, path });
  }
  const verdicts = (['decision', 'code', 'error'] as const).filter((key) => parts[key] !== undefined);
  if (verdicts.length < 2 || (verdicts.join() === 'decision,code' && parts.decision === 'deny')) return;
  const message =
    'say one of `decision: allow`, `code` (of a denial) or `error` (of a question that cannot be decided)';
  report({ code: 'wrong_value', message, path });
}

const OF_ERRORS: readonly string[] = ['error', 'field'];
const VERDICTS: readonly string[] = ['decision', 'code'];

/** What would not be compared is no promise: a problem has no values, and an answer names no field. */
function checkBesideError(parts: ExpectParts, at: (key: string) => Path, { report }: Context): void {
  for (const key of Object.keys(parts)) {
    const isProblem = parts.error !== undefined;
    if (isProblem ? OF_ERRORS.includes(key) || VERDICTS.includes(key) : key !== 'field') continue;
    const message = isProblem
      ? `\`${key}\` is not compared beside \`error\`: a question that cannot be decided has no answer`
      : '`field` is what a problem names: it goes with `error`';
    report({ code: 'wrong_value', message, path: at(key), atKey: true });
  }
}

/** Every code that an answer to this action can have, in any version. Undefined for an action that does not exist. */
function codesOf({ ruleSet }: Context, name: string): ReadonlySet<string> | undefined {
  if (!ruleSet.versions.some(({ actions }) => actions.has(name))) return undefined;
  const codes = ruleSet.versions.flatMap((version) => {
    const action = version.actions.get(name);
    if (action === undefined) return [];
    const gates = action.parts.flatMap(({ first, gates }) => (first === null ? gates : [first, ...gates]));
    return [...action.checks, ...gates].map(({ code }) => code);
  });
  return new Set([ALLOW, ...codes, 'unknown_user', 'facts_unavailable']);
}

/** Everything that `values` of this action can hold. */
function valuesOf({ ruleSet }: Context, name: string): ReadonlySet<string> | undefined {
  if (!ruleSet.versions.some(({ actions }) => actions.has(name))) return undefined;
  return new Set(
    ruleSet.versions.flatMap((version) => {
      const action = version.actions.get(name);
      return action === undefined
        ? []
        : [...action.parts.map(({ card }) => card.id), ...action.answers.map(({ key }) => key)];
    }),
  );
}

/** `resetsAt` is written as scenarios write instants, and compared as answers do. */
export function withInstants(values: unknown, path: Path, context: Context): unknown {
  if (!isRecord(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      key === 'resetsAt' && typeof value === 'string'
        ? instantOrNull(value, [...path, key], context)
        : withInstants(value, [...path, key], context),
    ]),
  );
}

function instantOrNull(text: string | null | undefined, path: Path, context: Context): string | null | undefined {
  if (text === null || text === undefined) return text;
  const instant = parseTime(text);
  if (instant !== undefined) return formatInstant(instant);
  context.report({ code: 'wrong_date', message: noInstant(text), path });
  return text;
}
