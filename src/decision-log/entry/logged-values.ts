import { toApiValues } from '../../api/decisions/to-api-decision.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PerkValues } from '../../domain/perk.ts';

/**
 * The values of an answer as they are logged. `hide`: what stands for the caller's own words. Only those are hidden, what was looked up and
 * what a card echoes: a word of the rules says nothing of a user who is called like it.
 */
export function loggedValues(
  { values, answers }: Pick<Decision, 'values' | 'answers'>,
  hide: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  let hidden: Record<string, PerkValues> | undefined;
  for (const perk in values) {
    const own = values[perk];
    const logged = own === undefined ? own : hiddenIn(own, hide);
    if (logged === undefined || logged === own) continue;
    hidden ??= { ...values };
    hidden[perk] = logged;
  }
  return toApiValues(hidden ?? values, answers);
}

function hiddenIn(values: PerkValues, hide: (value: unknown) => unknown): PerkValues {
  const key = values.kind === 'table' ? hide(values.key) : undefined;
  const echoes = values.echoes === undefined ? undefined : hide(values.echoes);
  if (echoes === values.echoes && (values.kind !== 'table' || key === values.key)) return values;
  return {
    ...values,
    ...(values.kind === 'table' ? { key } : {}),
    ...(echoes === undefined ? {} : { echoes }),
  } as PerkValues;
}
