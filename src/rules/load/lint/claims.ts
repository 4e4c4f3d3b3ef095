import { listed } from '../../../domain/listed.ts';
import type { Input, LimitPerk, SwitchPerk, TablePerk } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown, verbOf } from './context.ts';
import { allowedBy, allows } from './values.ts';

type DraftInput = Draft<Input>;

/** What `of`, `by` and `echoes` read is there in the questions they read it from. */
export function lintClaims(context: LintContext): void {
  for (const [id, perk] of entries(context.file.perks)) {
    if (perk.kind === 'limit') lintLimit(context, id, perk);
    else if (perk.kind === 'table') lintTable(context, id, perk);
    else if (perk.kind === 'switch') lintEchoes(context, id, perk);
  }
}

function lintLimit(context: LintContext, id: string, perk: Draft<LimitPerk>): void {
  const { of } = perk;
  if (of === undefined) return;
  const path = ['perks', id, 'of'];
  const measures: [Path, string][] =
    typeof of === 'string' ? [[path, of]] : entries(of).map(([name, claim]) => [[...path, name], claim]);
  const actions = entries(perk.actions).filter(([, use]) => ['add', 'use'].includes(verbOf(use) ?? 'use'));
  for (const [at, claim] of measures) {
    for (const [action] of actions) {
      const input = checkClaim(context, claim, action, at);
      if (input === undefined || isNumeric(input)) continue;
      const message = `\`${claim}\` of \`${action}\` is not a number, and only a number can be limited`;
      context.report({ code: 'input_not_a_number', message, path: at });
    }
  }
}

function lintTable(context: LintContext, id: string, perk: Draft<TablePerk>): void {
  const { by } = perk;
  const rows = keys(perk.rows);
  const path = ['perks', id];
  if (by === undefined) return;
  for (const [action] of entries(perk.actions)) {
    const input = checkClaim(context, by, action, [...path, 'by']);
    if (input === undefined) continue;
    const allowed = allowedBy(input);
    const takesNumbers = isNumeric(input);
    for (const row of rows) {
      const at = [...path, 'rows', row];
      if (takesNumbers && !isNumber(row)) {
        const message = `\`${row}\` is a text, and \`${by}\` is a number: it would never be found`;
        context.report({ code: 'row_type', message, path: at, atKey: true });
        break;
      }
      if (allows(allowed, takesNumbers ? Number(row) : row)) continue;
      const known = (allowed.values ?? []).map(String);
      const message = `\`${by}\` is never \`${row}\`${known.length > 0 ? `: it is ${listed(known)}` : ''}`;
      reportUnknown(context, 'impossible_value', row, at, message, known, true);
    }
  }
}

function lintEchoes(context: LintContext, id: string, perk: Draft<SwitchPerk>): void {
  for (const [name, claim] of entries(perk.echoes)) {
    const path = ['perks', id, 'echoes', name];
    if (name === 'included') {
      const message = '`included` is what the perk itself says: choose another name';
      context.report({ code: 'reserved_code', message, path, atKey: true });
    }
    for (const [action] of entries(perk.actions)) checkClaim(context, claim, action, path);
  }
}

/** Reports a claim that questions about `action` do not make. Returns the input, when it is one that is declared. */
function checkClaim(context: LintContext, claim: string, action: string, path: Path): DraftInput | undefined {
  const { file, report } = context;
  const declared = has(file.actions, action) ? file.actions?.[action] : undefined;
  if (declared === undefined) return undefined;
  const [fact, name = '', ...rest] = claim.split('.');
  if (fact === 'input') {
    const where = ['actions', action, 'input'];
    if (isBroken(context, where) || isBroken(context, [...where, name])) return undefined;
    const input = has(declared.input, name) ? declared.input?.[name] : undefined;
    if (input !== undefined && rest.length === 0) return input;
    const message =
      input === undefined
        ? `\`${action}\` has no input \`${name}\`: declare it there`
        : `the input \`${name}\` has no parts: write \`input.${name}\``;
    reportUnknown(context, 'unknown_input', name, path, message, input === undefined ? keys(declared.input) : []);
  } else if (fact === 'resource') {
    if (declared.resource === undefined && !isBroken(context, ['actions', action, 'resource'])) {
      const message = `\`${action}\` is asked without a resource: give it one there, such as \`resource: model\``;
      report({ code: 'missing_resource', message, path });
    } else checkResource(context, declared.resource, [name, ...rest], claim, path);
  }
  return undefined;
}

function checkResource(
  context: LintContext,
  type: string | undefined,
  steps: readonly string[],
  claim: string,
  path: Path,
): void {
  const [part = '', name, ...rest] = steps;
  if ((part === 'type' || part === 'id') && name === undefined) return;
  if (part === 'properties' && name !== undefined) return;
  if (part === 'attributes' && name !== undefined && rest.length === 0) {
    const attributes = type === undefined ? undefined : context.file.attributes?.[type];
    if (
      type === undefined ||
      has(attributes, name) ||
      isBroken(context, ['attributes', type]) ||
      isBroken(context, ['attributes', type, name])
    )
      return;
    const message = `\`${type}\` has no attribute \`${name}\`: declare it under \`attributes\``;
    reportUnknown(context, 'unknown_path', name, path, message, keys(attributes));
    return;
  }
  const message = `a resource has nothing at \`${claim}\`: it has \`type\`, \`id\`, and more under \`properties\` and \`attributes\``;
  context.report({ code: 'unknown_path', message, path });
}

function isNumeric(input: DraftInput): boolean {
  if (input.type !== undefined) return input.type === 'number' || input.type === 'integer';
  return input.enum === undefined || input.enum.some((value) => typeof value === 'number');
}

function isNumber(row: string): boolean {
  return row.trim() === row && row !== '' && Number.isFinite(Number(row));
}
