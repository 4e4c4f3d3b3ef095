import { newest } from '../../decide/pick-version.ts';
import type { Question } from '../../domain/question.ts';
import { ASKER, type ClaimValues, claimValues } from '../../rules/claim-values.ts';
import type { Action, InputSpec, RuleSet, Version } from '../../rules/rule-set.ts';

/** A question about every combination, up to so many for each action. */
const MOST = 200;
const AMOUNTS = [1, 2, 50];

/** Claims by dotted path, as one combination of sample values. */
type Claims = ReadonlyMap<string, unknown>;

/** Which amounts are worth asking for where an action counts them. */
export type AmountsOf = (action: Action) => readonly number[];

/**
 * Questions about every action of the newest version, asked by one user: each at, below and above every limit. `only`: the actions
 * that are asked about; all where it is absent.
 */
export function sampleQuestions(
  ruleSet: RuleSet,
  { only, amountsOf = () => AMOUNTS }: { readonly only?: ReadonlySet<string>; readonly amountsOf?: AmountsOf } = {},
): (user: string) => readonly Question[] {
  const version = newest(ruleSet);
  const values = claimValues(ruleSet);
  const asked = [...version.actions.values()].filter(({ id }) => only === undefined || only.has(id));
  const samples = asked.map((action) => {
    const combinations = combinationsOf(choices(action, version, values));
    const isClaimed = action.parts.some((part) => part.card.kind.name === 'grant');
    const isCounted = action.parts.some(({ card }) => card.kind.name === 'quota' || card.kind.name === 'slots');
    return { action, combinations, amounts: isCounted && !isClaimed ? amountsOf(action) : [1] };
  });
  return (user) =>
    samples.flatMap(({ action, combinations, amounts }) =>
      combinations.flatMap((claims) => amounts.map((amount) => questionOf(action, claims, user, amount))),
    );
}

/** The values to choose from, by path: those of the inputs that the action declares, its resource, and the context. */
function choices(action: Action, version: Version, values: ClaimValues): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>();
  for (const [name, spec] of Object.entries(action.input)) {
    found.set(`input.${name}`, inputValues(spec, values.get(`input.${name}`)));
  }
  if (action.resource !== null) {
    found.set('resource.id', [
      'not-in-the-catalogue',
      ...Object.keys(version.resources[action.resource] ?? {}).slice(0, 5),
    ]);
  }
  for (const [path, known] of values) {
    const isClaim =
      path.startsWith('context.') || (action.resource !== null && path.startsWith('resource.properties.'));
    if (isClaim) found.set(path, [...known, null]);
  }
  return found;
}

function inputValues(spec: InputSpec, known: ReadonlySet<unknown> = new Set()): readonly unknown[] {
  if (spec.enum !== undefined) return spec.enum;
  switch (spec.type ?? 'string') {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number': {
      const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = spec;
      const wanted = [...known, spec.minimum ?? 1].filter((each) => typeof each === 'number');
      const allowed = wanted.filter((each) => each >= minimum && each <= maximum);
      return [...new Set(allowed)];
    }
    case 'string':
      return [...new Set([...known, 'something'])];
  }
}

/** All combinations where they are few; else every value once beside the first of the others, and an even choice of the rest. */
function combinationsOf(all: ReadonlyMap<string, readonly unknown[]>): readonly Claims[] {
  const combined = combine(all);
  if (combined.length <= MOST) return combined;
  const first: Claims = new Map([...all].map(([path, values]) => [path, values[0]]));
  const varied = [...all].flatMap(([path, values]) => values.map((value) => new Map([...first, [path, value]])));
  return [...evenly(varied, MOST), ...evenly(combined, MOST)];
}

function combine(all: ReadonlyMap<string, readonly unknown[]>): readonly Claims[] {
  let combinations: readonly Claims[] = [new Map()];
  for (const [path, values] of all) {
    // Thinned out as they grow: their number is a product.
    const before = evenly(combinations, 5000);
    combinations = before.flatMap((claims) => values.map((value) => new Map([...claims, [path, value]])));
  }
  return combinations;
}

/** At most so many, taken evenly from all. */
function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)] as T);
}

function questionOf(action: Action, claims: Claims, user: string, amount: number): Question {
  const facts = { input: {}, context: {}, resource: {} } as Record<string, Record<string, unknown>>;
  for (const [path, value] of claims) {
    const [fact = '', ...keys] = path.split('.');
    put(facts[fact] ?? {}, keys, value === ASKER ? user : value);
  }
  const { resource = {} } = facts;
  return {
    subject: { type: 'user', id: user, properties: {} },
    action: action.id,
    input: facts.input ?? {},
    context: facts.context ?? {},
    resource:
      action.resource === null
        ? null
        : {
            type: action.resource,
            id: typeof resource.id === 'string' ? resource.id : null,
            properties: (resource.properties ?? {}) as Readonly<Record<string, unknown>>,
          },
    amount,
  };
}

function put(target: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [key, ...rest] = keys;
  if (key === undefined) return;
  if (rest.length === 0) {
    if (value !== null) target[key] = value;
    return;
  }
  const inner = (target[key] ?? {}) as Record<string, unknown>;
  target[key] = inner;
  put(inner, rest, value);
}
