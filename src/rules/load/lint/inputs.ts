import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import type { Attribute, Input } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';
import { type Allowed, allowedBy, allows } from './values.ts';

/** Inputs and attributes say what they are, and what they say fits together. The catalogue keeps to its attributes. */
export function lintInputs(context: LintContext): void {
  const { file } = context;
  for (const [action, { input }] of entries(file.actions)) {
    for (const [name, spec] of entries(input)) {
      const path = ['actions', action, 'input', name];
      lintDeclaration(context, spec, path, `input \`${name}\``);
      lintBounds(context, spec, path);
      lintDefault(context, spec, path);
    }
  }
  for (const [type, attributes] of entries(file.attributes)) {
    for (const [name, spec] of entries(attributes))
      lintDeclaration(context, spec, ['attributes', type, name], `attribute \`${name}\``);
  }
  for (const [type, resources] of entries(file.resources)) lintCatalogue(context, type, resources);
}

function lintDeclaration(context: LintContext, spec: Draft<Input | Attribute>, path: Path, owner: string): void {
  const { report } = context;
  const isBrokenHere = (key: string) => isBroken(context, [...path, key]);
  if (spec.type === undefined && spec.enum === undefined) {
    if (isBrokenHere('type') || isBrokenHere('enum')) return;
    const message = `${owner} needs a \`type\`, or the list of its values as \`enum\``;
    report({ code: 'input_without_type', message, path, atKey: true });
    return;
  }
  const values = (spec.enum ?? []).filter((value) => value !== undefined);
  const types = new Set(values.map((value) => typeof value));
  if (types.size > 1) {
    report({
      code: 'mixed_enum',
      message: 'these values are texts and numbers mixed: quote the numbers, or all of one kind',
      path: [...path, 'enum'],
    });
    return;
  }
  if (spec.type === undefined) return;
  const allowed = allowedBy({ type: spec.type });
  for (const [index, value] of (spec.enum ?? []).entries()) {
    if (value === undefined || allows(allowed, value)) continue;
    report({
      code: 'mixed_enum',
      message: `\`${value}\` is not of the type \`${spec.type}\``,
      path: [...path, 'enum', index],
    });
  }
}

function lintBounds({ report }: LintContext, spec: Draft<Input>, path: Path): void {
  const type = typeOf(spec);
  for (const bound of ['minimum', 'maximum'] as const) {
    if (spec[bound] === undefined || type === undefined || type === 'number') continue;
    report({ code: 'wrong_bounds', message: `\`${bound}\` is for numbers only`, path: [...path, bound], atKey: true });
  }
  if (spec.maxLength !== undefined && type !== undefined && type !== 'string') {
    report({
      code: 'wrong_bounds',
      message: '`maxLength` is for texts only',
      path: [...path, 'maxLength'],
      atKey: true,
    });
  }
  if (spec.minimum !== undefined && spec.maximum !== undefined && spec.minimum > spec.maximum) {
    const message = `the most, ${spec.maximum}, is less than the least, ${spec.minimum}`;
    report({ code: 'wrong_bounds', message, path: [...path, 'maximum'] });
  }
}

function lintDefault({ report }: LintContext, spec: Draft<Input>, path: Path): void {
  const value = spec.default;
  if (value === undefined || (spec.type === undefined && spec.enum === undefined)) return;
  const at = [...path, 'default'];
  if (!allows(allowedBy(spec), value)) {
    const values = (spec.enum ?? []).filter((each) => each !== undefined).map(String);
    const message =
      values.length > 0
        ? `\`${value}\` is none of the values: ${listed(values)}`
        : `\`${value}\` is not of the type \`${spec.type}\``;
    report({ code: 'wrong_default', message, path: at, didYouMean: didYouMean(String(value), values) });
  } else if (typeof value === 'number' && (value < (spec.minimum ?? value) || value > (spec.maximum ?? value))) {
    report({ code: 'wrong_default', message: `\`${value}\` is outside of the bounds of this input`, path: at });
  } else if (typeof value === 'string' && value.length > (spec.maxLength ?? value.length)) {
    report({ code: 'wrong_default', message: `this is longer than \`maxLength\` allows`, path: at });
  }
}

function typeOf(spec: Draft<Input>): 'string' | 'number' | 'boolean' | undefined {
  if (spec.type === 'integer') return 'number';
  if (spec.type !== undefined) return spec.type;
  const first = spec.enum?.find((value) => value !== undefined);
  return first === undefined ? undefined : typeof first === 'number' ? 'number' : 'string';
}

type Catalogue = NonNullable<NonNullable<LintContext['file']['resources']>[string]>;

function lintCatalogue(context: LintContext, type: string, resources: Catalogue): void {
  const { file } = context;
  const declared = file.attributes?.[type];
  const specs = new Map<string, Allowed>(entries(declared).map(([name, spec]) => [name, allowedBy(spec)]));
  for (const [id, attributes] of entries(resources)) {
    for (const [name, value] of entries(attributes)) {
      const path = ['resources', type, id, name];
      if (!has(declared, name)) {
        if (
          isBroken(context, ['attributes']) ||
          isBroken(context, ['attributes', type]) ||
          isBroken(context, ['attributes', type, name])
        )
          continue;
        const message = `\`${name}\` is no attribute of \`${type}\`: declare it under \`attributes\``;
        reportUnknown(context, 'unknown_property', name, path, message, keys(declared), true);
        continue;
      }
      const allowed = specs.get(name);
      const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
      const wrong = values.find(
        (each) => each !== undefined && each !== null && allowed !== undefined && !allows(allowed, each),
      );
      if (wrong === undefined) continue;
      const known = (allowed?.values ?? []).map(String);
      const message =
        known.length > 0
          ? `\`${String(wrong)}\` is none of the values of \`${name}\`: ${listed(known)}`
          : `\`${String(wrong)}\` is not of the type of \`${name}\``;
      context.report({ code: 'wrong_value', message, path, didYouMean: didYouMean(String(wrong), known) });
    }
  }
}
