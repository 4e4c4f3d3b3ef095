import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import { VERBS, type Verb } from '../../../domain/perk.ts';
import { COMMON_PLACEHOLDERS, PLACEHOLDER, placeholdersFor } from '../../compile/placeholders.ts';
import { isCounted, isOpenToAll } from '../../kinds/access.ts';
import type { Path } from '../finding.ts';
import { locate } from '../yaml/source.ts';
import { brokenBelow, type DraftPerk, entries, type LintContext, reportUnknown, verbOf } from './context.ts';

const OWN_CODES = {
  switch: [],
  limit: ['limit_exceeded'],
  quota: ['quota_used_up'],
  slots: ['slots_full'],
  grant: ['already_claimed'],
  table: [],
} as const;

/** Texts are for reasons that can be given, and name values that there are. */
export function lintSays(context: LintContext): void {
  const { file } = context;
  for (const [id, perk] of entries(file.perks)) {
    const { kind } = perk;
    if (kind === undefined) continue;
    const codes = reasonsOf(context, id, perk, kind);
    for (const [code, text] of entries(perk.says)) {
      const path = ['perks', id, 'says', code];
      if (!codes.includes(code)) {
        const message = `\`${id}\` never gives the reason \`${code}\`: its reasons are ${listed(codes, 'and')}`;
        reportUnknown(context, 'impossible_reason', code, path, message, codes, true);
        continue;
      }
      lintText(context, text, path, placeholdersFor(kind, code));
    }
  }
  for (const [id, rule] of entries(file.rules)) {
    for (const [index, check] of (rule.checks ?? []).entries()) {
      if (check?.says !== undefined)
        lintText(context, check.says, ['rules', id, 'checks', index, 'says'], COMMON_PLACEHOLDERS);
    }
  }
}

function reasonsOf(
  context: LintContext,
  id: string,
  perk: DraftPerk,
  kind: NonNullable<DraftPerk['kind']>,
): readonly string[] {
  const known = entries(perk.actions).map(([, use]) => verbOf(use) as Verb | undefined);
  const isWhole =
    perk.actions !== undefined &&
    !known.includes(undefined) &&
    brokenBelow(context, ['perks', id, 'actions']).length === 0;
  const verbs: readonly Verb[] = isWhole ? known.filter((verb) => verb !== undefined) : VERBS;
  return [
    ...(kind === 'table' ? ['value_not_listed'] : []),
    ...(verbs.some((verb) => !isOpenToAll(kind, verb)) ? ['not_in_plan', 'membership_ended'] : []),
    ...(verbs.some((verb) => isCounted(kind, verb)) ? OWN_CODES[kind] : []),
    ...(context.file.unknownUser === 'deny' ? ['unknown_user'] : []),
    ...(perk.whenFactsUnavailable === 'allow' ? [] : ['facts_unavailable']),
  ];
}

function lintText(context: LintContext, text: string, path: Path, known: readonly string[]): void {
  const [doubled, inner = ''] = /\{\{+(\w*)\}+\}/.exec(text) ?? [];
  if (doubled !== undefined) {
    const message = `two braces mean nothing here: write one, \`{${inner}}\``;
    context.report({ code: 'braces', message, path, ...placeOf(context, path, doubled) });
    return;
  }
  for (const [written, name = ''] of text.matchAll(PLACEHOLDER)) {
    if (known.includes(name)) continue;
    const message = `nothing is called \`${written}\` in this text: there is ${listed(
      known.map((each) => `{${each}}`),
      'and',
    )}`;
    const meant = didYouMean(name, known);
    context.report({
      code: 'unknown_placeholder',
      message,
      path,
      ...placeOf(context, path, written),
      didYouMean: meant === undefined ? undefined : `{${meant}}`,
    });
  }
  const odd = oddBraceIn(context, path, text);
  if (odd === undefined) return;
  const message = `there is a \`${odd.brace}\` that is no part of a placeholder: a placeholder is one word in braces, \`{${known[0] ?? 'title'}}\``;
  context.report({ code: 'unknown_placeholder', message, path, ...odd.place });
}

/** A brace outside of placeholders, and where it is written. */
function oddBraceIn({ source }: LintContext, path: Path, text: string) {
  const blank = (written: string) => ' '.repeat(written.length);
  const brace = /[{}]/.exec(text.replaceAll(PLACEHOLDER, blank))?.[0];
  if (brace === undefined) return undefined;
  const range = locate(source, path).node?.range;
  if (range === undefined || range === null) return { brace, place: {} };
  const index = source.text.slice(range[0], range[1]).replaceAll(PLACEHOLDER, blank).search(/[{}]/);
  return { brace, place: index === -1 ? {} : { offset: range[0] + index } };
}

/** Where in the file the placeholder is written. */
function placeOf({ source }: LintContext, path: Path, written: string): { readonly offset?: number } {
  const range = locate(source, path).node?.range;
  if (range === undefined || range === null) return {};
  const offset = source.text.indexOf(written, range[0]);
  return offset === -1 || offset > range[1] ? {} : { offset };
}
