import { listed } from '../../../domain/listed.ts';
import { CHANNELS } from '../../../domain/member.ts';
import { READABLE_FACTS } from '../../compile/frame.ts';
import type { Path } from '../finding.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';
import { type Allowed, allowedBy } from './values.ts';

const MEMBERSHIPS = ['none', 'upcoming', 'active', 'ended'] as const;
const INSTANT: Allowed = { type: 'instant' };
const TEXT: Allowed = { type: 'string' };
const YES_OR_NO: Allowed = { type: 'boolean' };

/** What the values at a path may be, one for each place that declares it. Empty: not known. Undefined: no such path, reported. */
export function valuesAt(
  context: LintContext,
  fact: keyof typeof READABLE_FACTS,
  path: string,
  at: Path,
): readonly Allowed[] | undefined {
  const steps = path.split('.').slice(1);
  const [first = '', second, ...rest] = steps;
  switch (fact) {
    case 'context':
      return [];
    case 'input':
      return inputValues(context, steps, at);
    default: {
      const { paths, open } = READABLE_FACTS[fact];
      if (second === undefined && paths.includes(first)) return knownValues(context, fact, first);
      if (open.includes(first) && second !== undefined) {
        if (first !== 'attributes') return [];
        if (rest.length === 0) return attributeValues(context, fact, second, at);
      }
      const known = [...paths.map((each) => `$.${each}`), ...open.map((each) => `$.${each}.…`)];
      const meant = paths.length > 0 && second === undefined ? paths : [];
      const message = `\`${fact}\` has nothing at \`${path}\`: there is ${listed(known, 'and')}`;
      reportUnknown(
        context,
        'unknown_path',
        path,
        at,
        message,
        meant.map((each) => `$.${each}`),
      );
      return undefined;
    }
  }
}

function knownValues({ tiers }: LintContext, fact: string, name: string): readonly Allowed[] {
  switch (name) {
    case 'membership':
      return [{ type: 'string', values: MEMBERSHIPS }];
    case 'tier':
    case 'lastTier':
      return [{ type: 'string', values: tiers }];
    case 'channel':
      return [{ type: 'string', values: CHANNELS }];
    case 'known':
    case 'autoRenew':
      return [YES_OR_NO];
    case 'id':
    case 'type':
      return [TEXT];
    default:
      return fact === 'member' || fact === 'term' ? [INSTANT] : [];
  }
}

function inputValues(context: LintContext, steps: readonly string[], at: Path): readonly Allowed[] | undefined {
  const { file } = context;
  const [name = ''] = steps;
  const specs = entries(file.actions).flatMap(([, { input }]) =>
    has(input, name) && input?.[name] !== undefined ? [input[name]] : [],
  );
  if (specs.length > 0 && steps.length === 1) return specs.map(allowedBy);
  if ([...context.broken].some((pointer) => isInput(pointer, name))) return undefined;
  const known = new Set(entries(file.actions).flatMap(([, { input }]) => keys(input)));
  const message =
    specs.length > 0
      ? `the input \`${name}\` has no parts: write \`$.${name}\``
      : `no action has an input \`${name}\`: declare it there`;
  const names = specs.length > 0 ? [] : [...known].map((each) => `$.${each}`);
  reportUnknown(context, 'unknown_path', `$.${name}`, at, message, names);
  return undefined;
}

/** A part that could declare this input was reported and left out. */
function isInput(pointer: string, name: string): boolean {
  return (
    /^\/actions(\/[^/]+(\/input)?)?$/.test(pointer) ||
    (pointer.startsWith('/actions/') && pointer.endsWith(`/input/${name}`))
  );
}

function attributeValues(context: LintContext, fact: string, name: string, at: Path): readonly Allowed[] | undefined {
  const { file } = context;
  if (isBroken(context, ['attributes'])) return undefined;
  // A condition does not say which type of resource it is about: any that has the attribute.
  const types = entries(file.attributes).filter(([type]) => (fact === 'user') === (type === 'user'));
  const specs = types.flatMap(([, attributes]) =>
    has(attributes, name) && attributes[name] !== undefined ? [attributes[name]] : [],
  );
  if (specs.length > 0) return specs.map(allowedBy);
  if ([...context.broken].some((pointer) => pointer.startsWith('/attributes/'))) return undefined;
  const known = types.flatMap(([, attributes]) => keys(attributes)).map((each) => `$.attributes.${each}`);
  const owner = fact === 'user' ? 'users have' : 'no resource has';
  const message = `${owner} ${fact === 'user' ? 'no' : 'an'} attribute \`${name}\`: declare it under \`attributes\``;
  reportUnknown(context, 'unknown_path', `$.attributes.${name}`, at, message, known);
  return undefined;
}
