import { didYouMean } from '../../../domain/did-you-mean.ts';
import { isReasonCode } from '../../../domain/reason.ts';
import { pathOf } from '../finding.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';
import { noAction } from './perks.ts';

/** That every action is decided by something, and that every rule can decide. */
export function lintActions(context: LintContext): void {
  lintRules(context);
  const { file, report } = context;
  const { decided, unsure } = decidedActions(context);
  if (unsure) return;
  for (const [id, action] of entries(file.actions)) {
    if (decided.has(id) || action.open === true || isBroken(context, ['actions', id, 'open'])) continue;
    const message = `no perk and no rule decides \`${id}\`: name it in one, or write \`open: true\` if everybody may`;
    report({ code: 'undecided_action', message, path: ['actions', id], atKey: true });
  }
}

/** `unsure`: a part that could name more actions was reported and left out. */
function decidedActions({ file, broken }: LintContext): {
  readonly decided: ReadonlySet<string>;
  readonly unsure: boolean;
} {
  const decided = new Set(keys(file.rules));
  for (const [, perk] of entries(file.perks)) for (const action of keys(perk.actions)) decided.add(action);
  // A misspelt action is reported, and decides the one that was meant.
  for (const action of [...decided]) {
    const meant = has(file.actions, action) ? undefined : didYouMean(action, keys(file.actions));
    if (meant !== undefined) decided.add(meant);
  }
  let unsure = false;
  for (const pointer of broken) {
    const [section, id, part, action] = pathOf(pointer);
    if (section === 'rules') {
      if (id === undefined) unsure = true;
      else decided.add(id);
    } else if (section === 'perks') {
      if (id === undefined || part === undefined) unsure = true;
      else if (part === 'actions') {
        if (action === undefined) unsure = true;
        else decided.add(action);
      }
    }
  }
  return { decided, unsure };
}

function lintRules(context: LintContext): void {
  const { file, report } = context;
  for (const [id, rule] of entries(file.rules)) {
    const path = ['rules', id];
    if (file.actions !== undefined && !has(file.actions, id) && !isBroken(context, ['actions', id])) {
      reportUnknown(context, 'unknown_action', id, path, noAction(id), keys(file.actions), true);
    }
    if (rule.checks === undefined && rule.answers === undefined) {
      if (!isBroken(context, [...path, 'checks']) && !isBroken(context, [...path, 'answers'])) {
        const message = `the rule of \`${id}\` says nothing: give it \`checks\` or \`answers\``;
        report({ code: 'empty_rule', message, path, atKey: true });
      }
    }
    lintChecks(context, id);
    for (const [key, cases] of entries(rule.answers)) {
      if (has(file.perks, key)) {
        const message = `\`${key}\` is the name of a perk, whose values stand under it: choose another name`;
        report({ code: 'answer_like_perk', message, path: [...path, 'answers', key], atKey: true });
      }
      const always = cases.findIndex(
        (each, index) => each !== undefined && isUnconditional(context, each, [...path, 'answers', key, index]),
      );
      if (always === -1 || always === cases.length - 1) continue;
      const message = 'this is never reached: the case before it always holds';
      report({ code: 'unreachable', message, path: [...path, 'answers', key, always + 1] });
    }
  }
}

function lintChecks(context: LintContext, id: string): void {
  const { file, report } = context;
  const checks = file.rules?.[id]?.checks ?? [];
  let ended = false;
  for (const [index, check] of checks.entries()) {
    if (check === undefined) continue;
    const path = ['rules', id, 'checks', index];
    if (check.deny !== undefined && isReasonCode(check.deny)) {
      const message = `\`${check.deny}\` is a reason that perks give: choose a code of your own`;
      report({ code: 'reserved_code', message, path: [...path, 'deny'] });
    }
    if (ended) {
      const message = 'this is never reached: the check before it always denies';
      report({ code: 'unreachable', message, path });
      break;
    }
    ended = isUnconditional(context, check, path);
  }
}

function isUnconditional(
  context: LintContext,
  part: { readonly when?: unknown; readonly unless?: unknown },
  path: readonly (string | number)[],
): boolean {
  return (['when', 'unless'] as const).every((key) => part[key] === undefined && !isBroken(context, [...path, key]));
}
