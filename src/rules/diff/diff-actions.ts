import type { Action, Input, RuleFile } from '../../generated/rule-file.ts';
import type { Change } from './change.ts';
import { changed, keysOf, valueText } from './words.ts';

/** What may be asked, and with which inputs. */
export function diffActions(old: RuleFile, now: RuleFile): readonly Change[] {
  return keysOf(old.actions, now.actions).flatMap((action): readonly Change[] => {
    const [from, to] = [old.actions[action], now.actions[action]];
    if (from === undefined) return changed({ action }, 'added', from, to, () => `\`${action}\`: new action`);
    if (to === undefined) return changed({ action }, 'removed', from, to, () => `\`${action}\`: no action any more`);
    return [...properties(action, from, to), ...inputs(action, from.input ?? {}, to.input ?? {})];
  });
}

function properties(action: string, old: Action, now: Action): readonly Change[] {
  const [a, b] = [spelled(old), spelled(now)];
  return keysOf(a, b).flatMap((what) =>
    changed({ action }, what, a[what], b[what], () => {
      return `\`${action}\`: ${what}: ${valueText(a[what])} → ${valueText(b[what])}`;
    }),
  );
}

/** Everything but the inputs, with what counts when it is left out. */
function spelled({ input: _, ...rest }: Action): Readonly<Record<string, unknown>> {
  return { ...rest, open: rest.open ?? false };
}

function inputs(
  action: string,
  old: Readonly<Record<string, Input>>,
  now: Readonly<Record<string, Input>>,
): readonly Change[] {
  return keysOf(old, now).flatMap((name): readonly Change[] => {
    const [from, to] = [old[name], now[name]];
    const what = `input.${name}`;
    if (from === undefined) return changed({ action }, what, from, to, () => `\`${action}\`: new input \`${name}\``);
    if (to === undefined)
      return changed({ action }, what, from, to, () => `\`${action}\`: no input \`${name}\` any more`);
    const [a, b] = [from, to] as unknown as readonly [
      Readonly<Record<string, unknown>>,
      Readonly<Record<string, unknown>>,
    ];
    return keysOf(a, b).flatMap((key) =>
      changed({ action }, `${what}.${key}`, a[key], b[key], () => {
        return `\`${action}\`: input \`${name}\`: ${key}: ${valueText(a[key])} → ${valueText(b[key])}`;
      }),
    );
  });
}
