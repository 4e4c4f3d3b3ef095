import { brokenBelow, entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';

/** Perks and what holds them together: their actions and holdings. */
export function lintPerks(context: LintContext): void {
  const { file, report } = context;
  const holders = new Map<string, string>();
  for (const [id, perk] of entries(file.perks)) {
    const path = ['perks', id];
    const actions = [...keys(perk.actions), ...brokenBelow(context, [...path, 'actions'])];
    if (perk.actions !== undefined && actions.length === 0) {
      const message = `no action uses \`${id}\`: name at least one, such as \`{${exampleAction(context)}: use}\``;
      report({ code: 'perk_without_action', message, path: [...path, 'actions'], atKey: true });
    }
    for (const action of actions) {
      if (has(file.actions, action) || file.actions === undefined || isBroken(context, ['actions', action])) continue;
      reportUnknown(
        context,
        'unknown_action',
        action,
        [...path, 'actions', action],
        noAction(action),
        keys(file.actions),
        true,
      );
    }
    if (perk.kind !== 'slots' || perk.holds === undefined) continue;
    const other = holders.get(perk.holds);
    if (other !== undefined) {
      const message = `\`${perk.holds}\` is held by \`${other}\` already: two perks cannot count the same things`;
      report({ code: 'shared_holding', message, path: [...path, 'holds'] });
    }
    holders.set(perk.holds, id);
  }
}

export function noAction(action: string): string {
  return `there is no action \`${action}\`: declare it under \`actions\``;
}

function exampleAction({ file }: LintContext): string {
  return keys(file.actions)[0] ?? 'avatar.upload';
}
