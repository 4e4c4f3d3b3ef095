import { isDeepStrictEqual } from 'node:util';
import type { AnswerCase, Check, Rule, RuleFile } from '../../generated/rule-file.ts';
import type { Change } from './change.ts';
import { asList, asSet, changed, keysOf, quoted, valueText } from './words.ts';

/** What is no perk: checks, their texts and order, and what an allow answers. */
export function diffRules(old: RuleFile, now: RuleFile): readonly Change[] {
  return keysOf(old.rules ?? {}, now.rules ?? {}).flatMap((action): readonly Change[] => {
    const [from, to]: readonly [Rule, Rule] = [old.rules?.[action] ?? {}, now.rules?.[action] ?? {}];
    const isThere = Object.hasOwn(old.actions, action) && Object.hasOwn(now.actions, action);
    const [a, b] = [asSet(from.source), asSet(to.source)];
    return [
      ...checks(action, from.checks ?? [], to.checks ?? [], isThere),
      ...answers(action, from.answers ?? {}, to.answers ?? {}),
      ...changed({ action }, 'source', a, b, () => `\`${action}\`: fulfils: ${valueText(a)} → ${valueText(b)}`),
    ];
  });
}

/** Checks are known by their codes; of several with one code, by their order among them. */
function checks(action: string, old: readonly Check[], now: readonly Check[], isThere: boolean): readonly Change[] {
  const [a, b] = [named(old), named(now)];
  const changes = keysOf(a, b).flatMap((name): readonly Change[] => {
    const [from, to] = [a[name], b[name]];
    if (from === undefined && to !== undefined) {
      const sentence = () => `\`${action}\`: is now also denied with ${to.deny}${whenText(to)}`;
      return changed({ action }, 'gate added', from, to, sentence, () => (isThere ? 'worse' : 'neither'));
    }
    if (from === undefined || to === undefined) {
      const sentence = () => `\`${action}\`: is no longer denied with ${from?.deny ?? name}`;
      return changed({ action }, 'gate removed', from, to, sentence, () => (isThere ? 'better' : 'neither'));
    }
    const [first, second] = [gateOf(from), gateOf(to)];
    return [
      ...changed({ action }, 'gate', first, second, () => {
        return `\`${action}\`: is denied with ${from.deny}${whenText(from)} →${whenText(to)}`;
      }),
      ...changed({ action }, `says.${from.deny}`, from.says, to.says, () => {
        return `\`${action}\`: message for ${from.deny}: ${quoted(from.says)} → ${quoted(to.says)}`;
      }),
    ];
  });
  return [...changes, ...order(action, Object.keys(a), Object.keys(b))];
}

function named(all: readonly Check[]): Readonly<Record<string, Check>> {
  const seen = new Map<string, number>();
  return Object.fromEntries(
    all.map((check) => {
      const count = (seen.get(check.deny) ?? 0) + 1;
      seen.set(check.deny, count);
      return [`${check.deny} ${count}`, check];
    }),
  );
}

function order(action: string, old: readonly string[], now: readonly string[]): readonly Change[] {
  const from = old.filter((name) => now.includes(name));
  const to = now.filter((name) => old.includes(name));
  const code = (name: string) => name.replace(/ \d+$/, '');
  return changed({ action }, 'order', from.map(code), to.map(code), () => {
    return `\`${action}\`: its checks stand in another order, and the first that denies gives the reason`;
  });
}

type Cased = Pick<Check, 'when' | 'unless'>;

function gateOf({ when, unless }: Cased): unknown {
  return { when: asList(when), unless: unless === undefined ? null : asList(unless) };
}

function whenText({ when, unless }: Cased): string {
  const parts = [
    ...(asList(when).length === 0 ? [] : [`when ${asList(when).join(' and ')}`]),
    ...(unless === undefined ? [] : [`unless ${asList(unless).join(' and ')}`]),
  ];
  return parts.length === 0 ? ' always' : ` ${parts.join(' and ')}`;
}

function answers(
  action: string,
  old: Readonly<Record<string, readonly AnswerCase[]>>,
  now: Readonly<Record<string, readonly AnswerCase[]>>,
): readonly Change[] {
  return keysOf(old, now).flatMap((key) => {
    const [from, to] = [old[key], now[key]];
    if (isDeepStrictEqual(from?.map(caseOf), to?.map(caseOf))) return [];
    const verb = from === undefined ? 'now also says' : to === undefined ? 'no longer says' : 'says something else as';
    return changed({ action }, `answers.${key}`, from, to, () => `\`${action}\`: ${verb} \`${key}\` on an allow`);
  });
}

function caseOf(each: AnswerCase): unknown {
  return [gateOf(each), each.value];
}
