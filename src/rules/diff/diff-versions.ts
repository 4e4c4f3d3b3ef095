import { isDeepStrictEqual } from 'node:util';
import type { Check, Rule, RuleFile } from '../../generated/rule-file.ts';
import type { Version } from '../rule-set.ts';
import type { Change } from './change.ts';
import { diffCards, keysOf, valueText } from './diff-cards.ts';

/**
 * What a version changes, by meaning and not by text: a file that is only laid out differently, or has another number and start,
 * changes nothing. INVARIANT: every other difference of the two files is one of the changes.
 */
export function diffVersions(before: Version, after: Version): readonly Change[] {
  const old = before.json as RuleFile;
  const now = after.json as RuleFile;
  const perks = keysOf(old.perks ?? {}, now.perks ?? {});
  return [
    ...tiers(old, now),
    ...perks.flatMap((id) => diffCards(id, before, after)),
    ...order(old, now),
    ...actions(old, now),
    ...rules(old, now),
    ...named('condition', old.conditions ?? {}, now.conditions ?? {}),
    ...named('statement', old.statements ?? {}, now.statements ?? {}),
    ...settings(old, now),
  ];
}

function tiers(old: RuleFile, now: RuleFile): readonly Change[] {
  const changes = keysOf(old.tiers ?? {}, now.tiers ?? {}).flatMap((tier): readonly Change[] => {
    const [from, to] = [old.tiers?.[tier] ?? null, now.tiers?.[tier] ?? null];
    if (isDeepStrictEqual(from, to)) return [];
    const title = to?.title ?? from?.title ?? tier;
    if (from === null) return [{ tier, what: 'added', from, to, sentence: `${title}: new tier` }];
    if (to === null) return [{ tier, what: 'removed', from, to, sentence: `${title}: no tier any more` }];
    const retiring = from.retired !== to.retired;
    const sentence = retiring
      ? `${title}: ${to.retired === true ? 'can no longer be subscribed to' : 'can be subscribed to again'}`
      : `${from.title}: is now called ${to.title}`;
    return [{ tier, what: retiring ? 'retired' : 'title', from, to, sentence }];
  });
  const [a, b] = [Object.keys(old.tiers ?? {}), Object.keys(now.tiers ?? {})];
  return changes.length === 0 && !isDeepStrictEqual(a, b)
    ? [{ what: 'order of tiers', from: a, to: b, sentence: `tiers, low to high: ${a.join(', ')} → ${b.join(', ')}` }]
    : changes;
}

/** The order of the perks decides which of several denials is the reason. */
function order(old: RuleFile, now: RuleFile): readonly Change[] {
  const both = (file: RuleFile, other: RuleFile) =>
    Object.keys(file.perks ?? {}).filter((id) => Object.hasOwn(other.perks ?? {}, id));
  const [from, to] = [both(old, now), both(now, old)];
  if (isDeepStrictEqual(from, to)) return [];
  return [
    {
      what: 'order',
      from,
      to,
      sentence: 'the perks stand in another order, and the first that denies gives the reason',
    },
  ];
}

function actions(old: RuleFile, now: RuleFile): readonly Change[] {
  return keysOf(old.actions, now.actions).flatMap((action): readonly Change[] => {
    const [from, to] = [old.actions[action], now.actions[action]];
    if (from === undefined)
      return [{ action, what: 'added', from: null, to: to ?? null, sentence: `\`${action}\`: new action` }];
    if (to === undefined)
      return [{ action, what: 'removed', from, to: null, sentence: `\`${action}\`: no action any more` }];
    const [a, b] = [from, to] as unknown as readonly [Record<string, unknown>, Record<string, unknown>];
    return keysOf(a, b)
      .filter((what) => !isDeepStrictEqual(a[what], b[what]))
      .map((what) => ({
        action,
        what,
        from: a[what] ?? null,
        to: b[what] ?? null,
        sentence: `\`${action}\`: ${what}: ${valueText(a[what])} → ${valueText(b[what])}`,
      }));
  });
}

function rules(old: RuleFile, now: RuleFile): readonly Change[] {
  return keysOf(old.rules ?? {}, now.rules ?? {}).flatMap((action): readonly Change[] => {
    const [from, to]: readonly [Rule, Rule] = [old.rules?.[action] ?? {}, now.rules?.[action] ?? {}];
    return [
      ...checks(action, from.checks ?? [], to.checks ?? []),
      ...(isDeepStrictEqual(from.answers, to.answers)
        ? []
        : [
            {
              action,
              what: 'answers',
              from: from.answers ?? null,
              to: to.answers ?? null,
              sentence: `\`${action}\`: says something else on an allow`,
            },
          ]),
      ...(isDeepStrictEqual(from.source, to.source)
        ? []
        : [
            {
              action,
              what: 'source',
              from: from.source ?? null,
              to: to.source ?? null,
              sentence: `\`${action}\`: source: ${valueText(from.source)} → ${valueText(to.source)}`,
            },
          ]),
    ];
  });
}

function checks(action: string, old: readonly Check[], now: readonly Check[]): readonly Change[] {
  if (isDeepStrictEqual(old, now)) return [];
  const codes = new Set([...old, ...now].map((check) => check.deny));
  const changes = [...codes].flatMap((code): readonly Change[] => {
    const from = old.filter((check) => check.deny === code);
    const to = now.filter((check) => check.deny === code);
    if (isDeepStrictEqual(from, to)) return [];
    const what = from.length === 0 ? 'gate added' : to.length === 0 ? 'gate removed' : 'gate';
    const verb =
      from.length === 0
        ? 'is now also denied with'
        : to.length === 0
          ? 'is no longer denied with'
          : 'is denied differently with';
    return [{ action, what, from, to, sentence: `\`${action}\`: ${verb} ${code}` }];
  });
  return changes.length > 0
    ? changes
    : [
        {
          action,
          what: 'order',
          from: old,
          to: now,
          sentence: `\`${action}\`: its checks stand in another order, and the first that denies gives the reason`,
        },
      ];
}

function named(
  what: string,
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): readonly Change[] {
  return keysOf(old, now).flatMap((name): readonly Change[] => {
    const [from, to] = [old[name] ?? null, now[name] ?? null];
    if (isDeepStrictEqual(from, to)) return [];
    const verb = from === null ? 'is new' : to === null ? 'is gone' : 'has changed';
    return [{ what: `${what}.${name}`, from, to, sentence: `${what} \`${name}\` ${verb}` }];
  });
}

/** What is compared above, or says only which version a file is. */
const COMPARED = new Set([
  'format',
  'ruleSet',
  'version',
  'effective',
  'tiers',
  'perks',
  'actions',
  'rules',
  'conditions',
  'statements',
]);

function settings(old: RuleFile, now: RuleFile): readonly Change[] {
  const [a, b] = [old as unknown as Record<string, unknown>, now as unknown as Record<string, unknown>];
  const policy = [old.effective.existingMembers ?? 'now', now.effective.existingMembers ?? 'now'] as const;
  return [
    ...keysOf(a, b)
      .filter((what) => !COMPARED.has(what) && !isDeepStrictEqual(a[what], b[what]))
      .map((what) => ({
        what,
        from: a[what] ?? null,
        to: b[what] ?? null,
        sentence: `${what}: ${valueText(a[what])} → ${valueText(b[what])}`,
      })),
    ...(policy[0] === policy[1]
      ? []
      : [
          {
            what: 'existingMembers',
            from: policy[0],
            to: policy[1],
            sentence: `who is a member already: ${policy[0]} → ${policy[1]}`,
          },
        ]),
  ];
}
